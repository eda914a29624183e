package dev.weir.mask;

import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The ways to choose a mask. Fresh parameters are always in, whole, and count against the budget k.
 */
public final class Masks {
  private Masks() {}

  /**
   * The budget of a density: k = ⌊density · n⌋, exact for the density as it is written in decimal.
   *
   * @param density in (0, 1]
   * @throws UserException if that is less than one coordinate
   */
  public static int budget(ParameterLayout layout, double density) {
    BigDecimal share = BigDecimal.valueOf(density).multiply(BigDecimal.valueOf(layout.size()));
    int k = share.setScale(0, RoundingMode.FLOOR).intValueExact();
    if (k < 1 || k > layout.size()) {
      throw new UserException(
          "method.density",
          "a density of "
              + density
              + " selects "
              + k
              + " of "
              + layout.size()
              + " parameters, but 1 to all of them are allowed",
          "Choose a density from " + percent(1, layout.size()) + " to 100 %.");
    }
    return k;
  }

  /**
   * The coordinates with the highest scores, ranked globally, with no scaling per layer (FISH Mask,
   * section 3). Of equal scores those with lower coordinates are taken.
   *
   * @param scores length n; those of fresh parameters are ignored
   * @param k size of the mask
   * @throws UserException if the fresh parameters alone are more than k, or if a score is NaN
   */
  public static Mask topK(ParameterLayout layout, float[] scores, int k) {
    int ranked = rankedBudget(layout, k);
    return Mask.of(layout, new TopK(layout, scores, ranked).coordinates());
  }

  /**
   * The coordinates with the largest absolute values.
   *
   * @param values length n
   * @throws UserException as {@link #topK}
   */
  public static Mask magnitude(ParameterLayout layout, float[] values, int k) {
    float[] magnitudes = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = Math.abs(values[i]);
    }
    return topK(layout, magnitudes, k);
  }

  /**
   * A uniform random choice without replacement, the same for everybody who has the same seed
   * (selection sampling; Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S).
   *
   * @throws UserException if the fresh parameters alone are more than k
   */
  public static Mask random(ParameterLayout layout, int k, long seed) {
    int wanted = rankedBudget(layout, k);
    int left = layout.size() - layout.freshSize();
    SplitMix64 random = new SplitMix64(seed);
    int[] coordinates = new int[k];
    int count = 0;
    for (ParameterSpec parameter : layout.parameters()) {
      for (int i = parameter.offset(); i < parameter.end(); i++) {
        boolean taken = parameter.fresh();
        if (!taken && random.below(left--) < wanted) {
          wanted--;
          taken = true;
        }
        if (taken) {
          coordinates[count++] = i;
        }
      }
    }
    return Mask.of(layout, coordinates);
  }

  /**
   * All biases: the parameters whose name ends in {@code .bias} (BitFit, Ben Zaken et al. 2022).
   */
  public static Mask bitfit(ParameterLayout layout) {
    List<Selection> selections = new ArrayList<>();
    for (ParameterSpec parameter : layout.parameters()) {
      boolean in = parameter.fresh() || parameter.name().endsWith(".bias");
      selections.add(in ? new Selection.All(parameter.size()) : new Selection.None());
    }
    return new Mask(layout, selections);
  }

  /** Every coordinate. */
  public static Mask dense(ParameterLayout layout) {
    return Mask.dense(layout);
  }

  /** What is left of k for the coordinates that are not fresh. */
  private static int rankedBudget(ParameterLayout layout, int k) {
    if (k < 0 || k > layout.size()) {
      throw new IllegalArgumentException("a mask of " + k + " of " + layout.size());
    }
    int fresh = layout.freshSize();
    if (fresh > k) {
      throw new UserException(
          "method.density",
          "the freshly initialised parameters (the task head) are always trained and take "
              + fresh
              + " values, but the mask has room for k = "
              + k
              + " of "
              + layout.size(),
          "Choose a density of at least " + percent(fresh, layout.size()) + ".");
    }
    return k - fresh;
  }

  /** The share in percent, rounded up to three significant digits so that it suffices. */
  private static String percent(int part, int whole) {
    BigDecimal share =
        BigDecimal.valueOf(part)
            .divide(BigDecimal.valueOf(whole), new MathContext(3, RoundingMode.CEILING));
    return share.movePointRight(2).stripTrailingZeros().toPlainString()
        + " % ("
        + share.stripTrailingZeros().toPlainString()
        + ")";
  }
}
