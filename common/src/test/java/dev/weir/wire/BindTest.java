package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The port of a process that is being killed is free a moment after its locks are. */
class BindTest {
  @Test
  void aPortThatIsGivenBackIsTaken() throws Exception {
    ServerSocket before = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    AtomicInteger tries = new AtomicInteger();

    try (ServerSocket mine =
        Bind.patiently(
            () -> {
              if (tries.incrementAndGet() == 3) {
                before.close();
              }
              return new ServerSocket(before.getLocalPort(), 1, InetAddress.getLoopbackAddress());
            })) {
      assertThat(mine.isBound()).isTrue();
    }
    assertThat(tries).hasValue(3);
  }

  @Test
  void aServerOfStreamsTriesAgain() throws Exception {
    ServerSocket before = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), before.getLocalPort());
    try (EventLoop loop = new EventLoop("bind-test")) {
      Server server =
          Transport.server(
                  address, null, Duration.ofSeconds(20), loop, new WireBytes(), new Connections())
              .build();
      // Bound to fail once: the port is given back by what follows the first try.
      assertThatThrownBy(server::start).isInstanceOf(IOException.class);
      before.close();

      Transport.start(server, address, "");

      assertThat(server.getPort()).isEqualTo(address.getPort());
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void whatNobodyGivesBackIsTold() throws Exception {
    try (ServerSocket theirs = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        EventLoop loop = new EventLoop("bind-test")) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), theirs.getLocalPort());
      Server server =
          Transport.server(
                  address, null, Duration.ofSeconds(20), loop, new WireBytes(), new Connections())
              .build();

      assertThatThrownBy(() -> Transport.start(server, address, "Choose another port."))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("in use");
      server.shutdownNow().awaitTermination();
    }
  }
}
