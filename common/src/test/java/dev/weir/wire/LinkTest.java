package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LinkTest {
  @Test
  void figuresThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Link(-1, 1, 1)).hasMessageContaining("18446744073709551615 ns");
    assertThatThrownBy(() -> new Link(1, 0, 1)).hasMessageContaining("0 bytes/s there");
    assertThatThrownBy(() -> new Link(1, 1, 10_000_000_000_001L))
        .hasMessageContaining("10000000000001 back");
    assertThat(new Link(60_000_000_000L, 1, 10_000_000_000_000L).slowerPerSecond()).isEqualTo(1);
  }
}
