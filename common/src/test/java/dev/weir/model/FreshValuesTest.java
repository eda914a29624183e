package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.parameter.ParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreshValuesTest {
  private static final ParameterSpec WEIGHT =
      new ParameterSpec("classifier.weight", List.of(100, 100), 0, true);

  @Test
  void matricesAreNormalWithADeviationOfTwoHundredths() {
    float[] values = new FreshValues(5).next(WEIGHT);
    double mean = 0;
    double square = 0;
    double fourth = 0;
    for (float value : values) {
      mean += value / values.length;
      square += (double) value * value / values.length;
      fourth += Math.pow(value, 4) / values.length;
    }
    assertThat(mean).isCloseTo(0, within(0.0006));
    assertThat(Math.sqrt(square)).isCloseTo(0.02, within(0.0005));
    assertThat(fourth / (square * square)).isCloseTo(3, within(0.2));
  }

  @Test
  void valuesStayTheSameFromVersionToVersion() {
    float[] values = new FreshValues(1).next(WEIGHT);
    assertThat(values).startsWith(-6.8534643E-4f, -0.05000135f, 0.0017544493f);
  }

  @Test
  void biasesAreZero() {
    ParameterSpec bias = new ParameterSpec("classifier.bias", List.of(3), 0, true);
    assertThat(new FreshValues(1).next(bias)).containsOnly(0f);
  }
}
