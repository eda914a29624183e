package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandshakeTimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class RejectionTest {
  private static Status unavailable(Exception cause) {
    return Status.UNAVAILABLE.withDescription("io exception").withCause(cause);
  }

  @Test
  void aPeerThatIsSlowToShakeHandsIsTriedAgain() {
    Exception slow = new SslHandshakeTimeoutException("handshake timed out after 10000ms");
    assertThat(Rejection.of(unavailable(slow))).isEmpty();
  }

  @Test
  void aHandshakeThatFailsIsNot() {
    Exception failed = new SSLHandshakeException("no cipher suites in common");
    assertThat(Rejection.of(unavailable(failed)).orElseThrow().reason())
        .contains("cannot agree on TLS: no cipher suites in common");
  }

  @Test
  void aWrongTokenIsNotTriedAgain() {
    Status refused = Status.UNAUTHENTICATED.withDescription("the token is another");
    assertThat(Rejection.of(refused).orElseThrow().reason()).contains("the token is another");
  }
}
