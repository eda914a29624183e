package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Strangers are told of, and cannot fill the log. */
class TurnedAwayTest {
  private long nowNs;
  private final TurnedAway door = new TurnedAway(() -> nowNs);

  @Test
  void theFirstIsToldAtOnceAndTheNextOnesAsANumber() {
    assertThat(door.note("192.0.2.1:5", "wrong token"))
        .isEqualTo("192.0.2.1:5 was turned away: wrong token");
    for (int i = 0; i < 1_000; i++) {
      assertThat(door.note("192.0.2.2:" + i, "wrong token")).isNull();
    }
    nowNs = Duration.ofSeconds(10).toNanos();

    assertThat(door.note("192.0.2.3:7", "no Join"))
        .isEqualTo(
            "192.0.2.3:7 was turned away: no Join (and 1000 others since the last such message)");
  }
}
