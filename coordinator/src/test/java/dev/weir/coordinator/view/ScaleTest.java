package dev.weir.coordinator.view;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void hasRoundTicks() {
    Scale scale = Scale.over(0.31, 0.72, 4);
    assertThat(scale.ticks()).hasSize(4);
    assertThat(scale.ticks().stream().map(scale::label))
        .containsExactly("0.2", "0.4", "0.6", "0.8");
  }

  @Property(tries = 200)
  void holdsItsValues(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double a,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double b) {
    double low = Math.min(a, b);
    double high = Math.max(a, b);
    Scale scale = Scale.over(low, high, 4);
    double slack = 1e-9 * scale.unit() + 1e-9;
    assertThat(scale.low()).isLessThanOrEqualTo(low + slack);
    assertThat(scale.high()).isGreaterThanOrEqualTo(high - slack);
    assertThat(scale.ticks()).hasSizeBetween(2, 8);
  }
}
