package dev.weir.optimizer;

/**
 * The learning rate over time: a straight rise over the warm-up, then a fall.
 *
 * @param shape how it falls
 * @param peak learning rate at the end of the warm-up
 * @param warmup share of all steps that the warm-up takes, in [0, 1]
 * @param steps number of all steps; after them a falling rate is zero
 */
public record LearningRateSchedule(Shape shape, double peak, double warmup, long steps) {
  /** How the learning rate falls after the warm-up. */
  public enum Shape {
    /** Not at all. */
    CONSTANT,
    /** In a straight line to zero. */
    LINEAR,
    /** Along half a cosine to zero (Loshchilov and Hutter, SGDR, 2017, equation 5). */
    COSINE
  }

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public LearningRateSchedule {
    if (!(peak >= 0 && warmup >= 0 && warmup <= 1) || steps < 1) {
      throw new IllegalArgumentException(
          "peak %s, warm-up %s, %d steps".formatted(peak, warmup, steps));
    }
  }

  /** The learning rate of a step, counted from 0. No step of the warm-up has a rate of zero. */
  public float at(long step) {
    long rising = (long) Math.ceil(warmup * steps);
    if (step < rising) {
      return (float) (peak * (step + 1) / rising);
    }
    double done = Math.min(1, (double) (step - rising) / Math.max(1, steps - rising));
    return (float) (peak * left(done));
  }

  private double left(double done) {
    return switch (shape) {
      case CONSTANT -> 1;
      case LINEAR -> 1 - done;
      case COSINE -> 0.5 * (1 + StrictMath.cos(StrictMath.PI * done));
    };
  }
}
