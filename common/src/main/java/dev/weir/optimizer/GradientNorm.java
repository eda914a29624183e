package dev.weir.optimizer;

/** The Euclidean norm of a gradient, and clipping to it. */
public final class GradientNorm {
  private static final int LANES = 8;

  private GradientNorm() {}

  /**
   * √Σgᵢ², accumulated in double in a fixed order: eight interleaved sums, which do not wait for
   * each other, then the sum of the eight.
   */
  public static double of(float[] gradient) {
    double[] sums = new double[LANES];
    int whole = gradient.length - gradient.length % LANES;
    for (int i = 0; i < whole; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        double g = gradient[i + lane];
        sums[lane] += g * g;
      }
    }
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    for (int i = whole; i < gradient.length; i++) {
      double g = gradient[i];
      total += g * g;
    }
    return Math.sqrt(total);
  }

  /**
   * Scales the gradient down to a norm, if it exceeds it (Pascanu, Mikolov and Bengio, On the
   * difficulty of training recurrent neural networks, 2013, algorithm 1).
   *
   * @param norm the gradient's norm, see {@link #of}
   * @param limit largest norm; 0 for any
   */
  public static void clip(float[] gradient, double norm, double limit) {
    if (limit > 0 && norm > limit) {
      float factor = (float) (limit / norm);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= factor;
      }
    }
  }
}
