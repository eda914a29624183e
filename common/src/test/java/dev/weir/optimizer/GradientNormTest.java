package dev.weir.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GradientNormTest {
  @Test
  void theNormIsEuclidean() {
    float[] gradient = new float[1003];
    double squares = 0;
    Random random = new Random(1);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) random.nextGaussian();
      squares += (double) gradient[i] * gradient[i];
    }
    assertThat(GradientNorm.of(gradient)).isCloseTo(Math.sqrt(squares), within(1e-11));
    assertThat(GradientNorm.of(new float[] {Float.MAX_VALUE, 0})).isEqualTo(Float.MAX_VALUE);
    assertThat(GradientNorm.of(new float[] {Float.NaN})).isNaN();
  }

  @Test
  void onlyGradientsBeyondTheLimitAreScaled() {
    assertThat(clipped(2.5)).containsExactly(1.5f, 2);
    assertThat(clipped(5)).containsExactly(3, 4);
    assertThat(clipped(0)).containsExactly(3, 4);
  }

  private static float[] clipped(double limit) {
    float[] gradient = {3, 4};
    GradientNorm.clip(gradient, GradientNorm.of(gradient), limit);
    return gradient;
  }
}
