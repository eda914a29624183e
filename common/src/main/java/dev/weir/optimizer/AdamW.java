package dev.weir.optimizer;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, Decoupled Weight Decay Regularization,
 * 2019, algorithm 2), with the learning rate η in front of the decay as in PyTorch:
 *
 * <pre>
 *   m ← β₁m + (1−β₁)g
 *   v ← β₂v + (1−β₂)g²
 *   θ ← θ − ηλθ − η · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
 * </pre>
 *
 * @param beta1 β₁, in [0, 1)
 * @param beta2 β₂, in [0, 1)
 * @param epsilon ε, positive
 * @param weightDecay λ, not negative
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements SparseOptimizer {

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public AdamW {
    boolean betas = beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1;
    if (!betas || !(epsilon > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "β₁ %s, β₂ %s, ε %s, λ %s".formatted(beta1, beta2, epsilon, weightDecay));
    }
  }

  @Override
  public int moments() {
    return 2;
  }

  @Override
  public void update(
      long update,
      float learningRate,
      float[] gradient,
      float[] values,
      float[][] moments,
      DecayRanges decay) {
    double correction1 = 1 - StrictMath.pow(beta1, (double) update);
    double correction2 = 1 - StrictMath.pow(beta2, (double) update);
    float rate = (float) (learningRate / correction1);
    float rootScale = (float) (1 / Math.sqrt(correction2));
    float kept = (float) (1 - learningRate * weightDecay);
    for (int range = 0; range < decay.count(); range++) {
      update(
          rate,
          rootScale,
          decay.decays(range) ? kept : 1,
          gradient,
          values,
          moments[0],
          moments[1],
          decay.start(range),
          decay.end(range));
    }
  }

  private void update(
      float rate,
      float rootScale,
      float kept,
      float[] gradient,
      float[] values,
      float[] first,
      float[] second,
      int start,
      int end) {
    float b1 = (float) beta1;
    float c1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float c2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    for (int i = start; i < end; i++) {
      float g = gradient[i];
      float m = b1 * first[i] + c1 * g;
      float v = b2 * second[i] + c2 * g * g;
      first[i] = m;
      second[i] = v;
      float root = (float) Math.sqrt(v) * rootScale;
      values[i] = kept * values[i] - rate * m / (root + eps);
    }
  }
}
