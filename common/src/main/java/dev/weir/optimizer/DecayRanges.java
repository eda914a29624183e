package dev.weir.optimizer;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Where in a masked vector weight decay applies: to values of matrices, not to those of vectors
 * (biases, gains and biases of normalisations).
 *
 * <p>Immutable. The vector is cut into consecutive ranges that alternate between without and with
 * decay, beginning without.
 */
public final class DecayRanges {
  private final int[] bounds;

  private DecayRanges(int[] bounds) {
    this.bounds = bounds;
  }

  /** The ranges of a mask. */
  public static DecayRanges of(Mask mask) {
    List<ParameterSpec> parameters = mask.layout().parameters();
    int[] bounds = new int[parameters.size() + 2];
    int count = 1;
    boolean decays = false;
    for (int i = 0; i < parameters.size(); i++) {
      boolean matrix = !parameters.get(i).isVector();
      if (matrix != decays && mask.selection(i).size() > 0) {
        bounds[count++] = mask.start(i);
        decays = matrix;
      }
    }
    bounds[count++] = mask.size();
    return new DecayRanges(Arrays.copyOf(bounds, count));
  }

  /** Every one of k values decays. */
  public static DecayRanges everywhere(int size) {
    return new DecayRanges(new int[] {0, 0, size});
  }

  /** Number of values, k. */
  public int size() {
    return bounds[bounds.length - 1];
  }

  /** Number of ranges. */
  int count() {
    return bounds.length - 1;
  }

  int start(int range) {
    return bounds[range];
  }

  int end(int range) {
    return bounds[range + 1];
  }

  boolean decays(int range) {
    return range % 2 == 1;
  }
}
