package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkReasonTest {
  @ParameterizedTest
  @CsvSource({
    "finishConnect(..) failed with error(-111): Connection refused, Connection refused",
    "recvAddress(..) failed: Connection reset by peer, Connection reset by peer",
    "closed, closed"
  })
  void theFirstCauseIsToldWithoutTheSystemCall(String message, String told) {
    Throwable cause = new IllegalStateException("outer", new IOException(message));

    assertThat(NetworkReason.of(Status.UNAVAILABLE.withCause(cause))).isEqualTo(told);
  }

  @Test
  void withoutACauseTheStatusIsTold() {
    assertThat(NetworkReason.of(Status.UNAVAILABLE.withDescription("shut down")))
        .isEqualTo("UNAVAILABLE: shut down");
    assertThat(
            NetworkReason.of(
                Status.INTERNAL.withDescription("odd").withCause(new IllegalStateException())))
        .isEqualTo("INTERNAL: odd");
  }
}
