package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weir.cli.Cli;
import dev.weir.wire.HealthServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exit codes that a container engine sees. */
@Timeout(60)
class HealthCommandTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final AtomicBoolean ready = new AtomicBoolean();
  private final HealthServer server = new HealthServer(ANY, () -> true, ready::get);

  @AfterEach
  void close() {
    server.close();
  }

  private static int health(String... arguments) {
    return Cli.run(new HealthCommand(), arguments);
  }

  @Test
  void aProcessIsHealthyOnceItDoesItsWork() {
    String address = "127.0.0.1:" + server.port();
    assertThat(health("--live", address)).isEqualTo(0);
    assertThat(health(address)).isEqualTo(1);
    ready.set(true);
    assertThat(health(address)).isEqualTo(0);
  }

  @Test
  void theAdminPortIsAskedByHttp() throws IOException {
    HttpServer admin = HttpServer.create(ANY, 0);
    try {
      admin.createContext("/healthz", exchange -> exchange.sendResponseHeaders(200, -1));
      admin.createContext(
          "/readyz", exchange -> exchange.sendResponseHeaders(ready.get() ? 200 : 503, -1));
      admin.start();
      String address = "http://127.0.0.1:" + admin.getAddress().getPort();
      assertThat(health("--live", address)).isEqualTo(0);
      assertThat(health(address)).isEqualTo(1);
      ready.set(true);
      assertThat(health(address)).isEqualTo(0);
    } finally {
      admin.stop(0);
    }
  }

  @Test
  void nobodyThereIsUnhealthy() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(health("127.0.0.1:" + free)).isEqualTo(1);
    assertThat(health("http://127.0.0.1:" + free)).isEqualTo(1);
  }

  @Test
  void anAddressThatIsNoneIsTheUsersMistake() {
    assertThat(health("7071")).isEqualTo(2);
    assertThat(health("http://127.0.0.1")).isEqualTo(2);
    assertThat(health("nowhere.invalid:7071")).isEqualTo(2);
  }
}
