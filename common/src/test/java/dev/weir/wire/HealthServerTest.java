package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asks as a kubelet does: plaintext, no token. */
class HealthServerTest {
  private final AtomicBoolean live = new AtomicBoolean(true);
  private final AtomicBoolean ready = new AtomicBoolean();
  private final HealthServer server =
      new HealthServer(new InetSocketAddress("127.0.0.1", 0), live::get, ready::get);
  private final EventLoop loop = new EventLoop("test");
  private final ManagedChannel channel =
      Transport.channel(
          new InetSocketAddress("127.0.0.1", server.port()), null, loop, new WireBytes());

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.close();
    loop.close();
  }

  private ServingStatus ask(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  @Test
  void whatIsAskedLaterIsWhatHoldsThen() {
    assertThat(ask("")).isEqualTo(ServingStatus.SERVING);
    assertThat(ask("ready")).isEqualTo(ServingStatus.NOT_SERVING);
    live.set(false);
    ready.set(true);
    assertThat(ask("")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(ask("ready")).isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void nothingElseIsAnswered() {
    assertThatThrownBy(() -> ask("training"))
        .isInstanceOf(StatusRuntimeException.class)
        .extracting(e -> ((StatusRuntimeException) e).getStatus().getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThatThrownBy(() -> ask("x".repeat(2000))).isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void aPortInUseIsTheUsersMistake() {
    InetSocketAddress taken = new InetSocketAddress("127.0.0.1", server.port());
    assertThatThrownBy(() -> new HealthServer(taken, live::get, ready::get))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageContaining("--health");
  }

  @Test
  void aLoopThatIsBusyDoesNotAnswer() {
    Duration patience = Duration.ofMillis(100);
    assertThat(loop.answers(Duration.ofSeconds(10))).isTrue();
    Object gate = new Object();
    synchronized (gate) {
      loop.executor()
          .execute(
              () -> {
                synchronized (gate) {
                  gate.notifyAll();
                }
              });
      assertThat(loop.answers(patience)).isFalse();
    }
  }
}
