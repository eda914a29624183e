package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.rpc.TrainingServer;
import dev.weir.proto.FromCoordinator;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class LobbyTest {
  private static final String TOKEN = "0123456789abcdef";

  @Test
  void whoComesBeforeThereIsAMaskIsToldTheJob() throws Exception {
    try (EventLoop loop = new EventLoop("lobby-test");
        TrainingServer server =
            new TrainingServer(
                new InetSocketAddress("127.0.0.1", 0),
                new Door(TOKEN, null),
                loop,
                new WireBytes(),
                new Lobby("name: small"));
        FakeWorker worker = new FakeWorker(port(server), TOKEN, "early")) {
      worker.sendJoin();

      assertThat(worker.next(FromCoordinator.MessageCase.PREPARE).getPrepare().getJob())
          .isEqualTo("name: small");
    }
  }

  private static int port(TrainingServer server) {
    return Integer.parseInt(server.address().replaceAll(".*:", ""));
  }
}
