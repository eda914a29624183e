package dev.weir.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseOptimizerTest {
  private static final float[][] GRADIENTS = {{0.5f, 3e-3f}, {-0.25f, 2e-3f}, {1, -1e-3f}};

  /** Two parameters of one value each: a matrix, which decays, and a bias, which does not. */
  private static final DecayRanges MATRIX_AND_BIAS =
      DecayRanges.of(
          Mask.dense(ParameterLayout.builder().add("weight", 1, 1).add("bias", 1).build()));

  @Test
  void adamWMatchesPyTorch() {
    AdamW adamW = new AdamW(0.9, 0.999, 1e-8, 0.01);
    float[][] trajectory = trajectory(adamW, DecayRanges.everywhere(2), 1, -2);
    assertRows(
        trajectory,
        new double[][] {
          {0.899000002, -2.0979996666677776},
          {0.8714672987058463, -2.192936499172195},
          {0.804784672376384, -2.2459324967991208}
        });
  }

  @Test
  void adamWDoesNotDecayVectors() {
    AdamW adamW = new AdamW(0.9, 0.999, 1e-8, 0.01);
    float[][] trajectory =
        trajectory(
            adamW, MATRIX_AND_BIAS, new float[][] {{.5f, .5f}, {-.25f, -.25f}, {1, 1}}, 1, 1);
    assertRows(
        trajectory,
        new double[][] {
          {0.899000002, 0.900000002},
          {0.8714672987058463, 0.8733662987078463},
          {0.804784672376384, 0.8075551396770898}
        });
  }

  @Test
  void nesterovMatchesPyTorch() {
    Sgd sgd = new Sgd(0.9, true, 0.01);
    float[][] trajectory =
        trajectory(sgd, MATRIX_AND_BIAS, new float[][] {{.5f, .5f}, {-.25f, -.25f}, {1, 1}}, 1, 1);
    assertRows(
        trajectory,
        new double[][] {{0.9031, 0.905}, {0.90757411, 0.912}, {0.698189208191, 0.7058}});
  }

  @Test
  void momentumMatchesPyTorch() {
    Sgd sgd = new Sgd(0.9, false, 0.01);
    float[][] trajectory = trajectory(sgd, DecayRanges.everywhere(2), 1, 0);
    assertThat(trajectory[0][0]).isCloseTo(0.949f, within(1e-6f));
    assertThat(trajectory[1][0]).isCloseTo(0.927151f, within(1e-6f));
    assertThat(trajectory[2][0]).isCloseTo(0.80655974f, within(1e-6f));
  }

  @Test
  void withoutMomentumItIsGradientDescent() {
    Sgd sgd = new Sgd(0, true, 0);
    assertThat(sgd.moments()).isZero();
    float[][] trajectory = trajectory(sgd, DecayRanges.everywhere(2), 1, 0);
    assertThat(trajectory[2][0]).isCloseTo(1 - 0.1f * 1.25f, within(1e-6f));
  }

  @Test
  void everyValueIsUpdatedOnItsOwn() {
    Random random = new Random(4);
    int k = 1037;
    float[] gradient = new float[k];
    float[] values = new float[k];
    for (int i = 0; i < k; i++) {
      gradient[i] = (float) random.nextGaussian();
      values[i] = (float) random.nextGaussian();
    }
    for (SparseOptimizer optimizer :
        new SparseOptimizer[] {new AdamW(0.9, 0.99, 1e-6, 0.1), new Sgd(0.9, true, 0.1)}) {
      float[] together = values.clone();
      optimizer.update(1, 0.1f, gradient, together, new float[2][k], DecayRanges.everywhere(k));
      for (int i = 0; i < k; i++) {
        float[] alone = {values[i]};
        optimizer.update(
            1, 0.1f, new float[] {gradient[i]}, alone, new float[2][1], DecayRanges.everywhere(1));
        assertThat(together[i]).isEqualTo(alone[0]);
      }
    }
  }

  @Test
  void numbersOutsideOfTheirRangesAreRefused() {
    assertThatThrownBy(() -> new AdamW(1, 0.9, 1e-8, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AdamW(0.9, 0.9, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sgd(Double.NaN, true, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static float[][] trajectory(
      SparseOptimizer optimizer, DecayRanges decay, float... start) {
    return trajectory(optimizer, decay, GRADIENTS, start);
  }

  private static float[][] trajectory(
      SparseOptimizer optimizer, DecayRanges decay, float[][] gradients, float... start) {
    float[] values = start.clone();
    float[][] moments = new float[optimizer.moments()][values.length];
    float[][] trajectory = new float[gradients.length][];
    for (int t = 0; t < gradients.length; t++) {
      optimizer.update(t + 1, 0.1f, gradients[t], values, moments, decay);
      trajectory[t] = values.clone();
    }
    return trajectory;
  }

  private static void assertRows(float[][] actual, double[][] expected) {
    for (int row = 0; row < expected.length; row++) {
      for (int i = 0; i < expected[row].length; i++) {
        assertThat((double) actual[row][i])
            .as(Arrays.toString(actual[row]))
            .isCloseTo(expected[row][i], within(5e-7));
      }
    }
  }
}
