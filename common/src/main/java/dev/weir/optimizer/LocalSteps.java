package dev.weir.optimizer;

/**
 * Rounds of local steps. In a round each of the S replicas takes {@code every} steps from common
 * values by itself, and differs from them at the end by d. With the sum D of all d, everybody then
 * takes one outer step:
 *
 * <pre>
 *   θ ← θ − D/S                         mean (McMahan et al., Communication-Efficient Learning of Deep
 *                                       Networks from Decentralized Data, 2017, algorithm 1)
 *   θ ← θ − D                           sum
 *   b ← μb + D/S,  θ ← θ − η(D/S + μb)  Nesterov (Douillard et al., DiLoCo, 2023, algorithm 1)
 * </pre>
 *
 * @param every most steps of a round, H; with 1 there are no replicas, and the rest means nothing
 * @param combination how differences become an update
 * @param learningRate η of the outer step
 * @param momentum μ of the outer step
 */
public record LocalSteps(int every, Combination combination, double learningRate, double momentum) {
  /** Every step is everybody's. */
  public static final LocalSteps NONE = new LocalSteps(1, Combination.MEAN, 1, 0);

  /** How differences become an update. */
  public enum Combination {
    /** The replicas' mean. */
    MEAN,
    /** All that they have moved. */
    SUM,
    /** Their mean is a gradient, which stochastic gradient descent follows. */
    NESTEROV
  }

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public LocalSteps {
    if (every < 1 || !(learningRate > 0) || !(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "H %d, η %s, μ %s".formatted(every, learningRate, momentum));
    }
  }

  /** Whether there are replicas. */
  public boolean hasReplicas() {
    return every > 1;
  }

  /** Steps of the round that begins with {@code step}; the last of a job may be shorter. */
  public int length(long step, long steps) {
    return (int) Math.max(1, Math.min(every, steps - step));
  }

  /** The rule that D, times {@link #share}, is the gradient of. */
  public SparseOptimizer outer() {
    return combination == Combination.NESTEROV ? new Sgd(momentum, true, 0) : new Sgd(0, false, 0);
  }

  /** Learning rate of the outer step. */
  public float outerRate() {
    return combination == Combination.NESTEROV ? (float) learningRate : 1;
  }

  /** What the sum of S differences is multiplied by. */
  public float share(int shards) {
    return combination == Combination.SUM ? 1 : 1f / shards;
  }
}
