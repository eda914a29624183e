package dev.weir.optimizer;

/**
 * Stochastic gradient descent with momentum, as PyTorch defines it, without dampening:
 *
 * <pre>
 *   g ← g + λθ
 *   b ← μb + g
 *   θ ← θ − η(g + μb)      Nesterov (Sutskever et al. 2013), otherwise
 *   θ ← θ − ηb
 * </pre>
 *
 * @param momentum μ, in [0, 1)
 * @param nesterov whether to look ahead along the momentum
 * @param weightDecay λ, not negative; coupled, so that it passes through the momentum
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay)
    implements SparseOptimizer {

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Sgd {
    if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException("μ %s, λ %s".formatted(momentum, weightDecay));
    }
  }

  @Override
  public int moments() {
    return momentum > 0 ? 1 : 0;
  }

  @Override
  public void update(
      long update,
      float learningRate,
      float[] gradient,
      float[] values,
      float[][] moments,
      DecayRanges decay) {
    for (int range = 0; range < decay.count(); range++) {
      float lambda = decay.decays(range) ? (float) weightDecay : 0;
      int start = decay.start(range);
      int end = decay.end(range);
      if (momentum > 0) {
        accelerated(learningRate, lambda, gradient, values, moments[0], start, end);
      } else {
        plain(learningRate, lambda, gradient, values, start, end);
      }
    }
  }

  private void accelerated(
      float rate,
      float lambda,
      float[] gradient,
      float[] values,
      float[] buffer,
      int start,
      int end) {
    float mu = (float) momentum;
    float gradientShare = nesterov ? 1 : 0;
    float bufferShare = nesterov ? mu : 1;
    for (int i = start; i < end; i++) {
      float g = gradient[i] + lambda * values[i];
      float b = mu * buffer[i] + g;
      buffer[i] = b;
      values[i] -= rate * (gradientShare * g + bufferShare * b);
    }
  }

  private static void plain(
      float rate, float lambda, float[] gradient, float[] values, int start, int end) {
    for (int i = start; i < end; i++) {
      values[i] -= rate * (gradient[i] + lambda * values[i]);
    }
  }
}
