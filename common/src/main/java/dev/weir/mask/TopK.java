package dev.weir.mask;

import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;

/**
 * Finds the highest scores in three linear passes, without sorting. Floats are mapped to integers
 * of the same order; a histogram of their upper halves finds the bin of the threshold, a histogram
 * of the lower halves inside that bin finds the threshold itself.
 */
final class TopK {
  private static final int HALF = 16;
  private static final int BINS = 1 << HALF;

  private final ParameterLayout layout;
  private final float[] scores;
  private final int wanted;

  /**
   * @param wanted how many coordinates that are not fresh to take
   */
  TopK(ParameterLayout layout, float[] scores, int wanted) {
    if (scores.length != layout.size()) {
      throw new IllegalArgumentException(scores.length + " scores of " + layout.size());
    }
    this.layout = layout;
    this.scores = scores;
    this.wanted = wanted;
  }

  /** The chosen coordinates and all fresh ones, ascending. */
  int[] coordinates() {
    checkNumbers();
    Cut upper = cut(histogram(0, 0), wanted);
    Cut lower = cut(histogram(upper.bin << HALF, ~0 << HALF), upper.inBin);
    return collect(upper.bin << HALF | lower.bin, lower.inBin);
  }

  /** Unsigned order of the keys is the order of the scores; the two zeros are equal. */
  private static int key(float score) {
    int bits = Float.floatToRawIntBits(score + 0f);
    return bits ^ (bits >> 31 | Integer.MIN_VALUE);
  }

  private void checkNumbers() {
    for (ParameterSpec parameter : layout.parameters()) {
      for (int i = parameter.offset(); !parameter.fresh() && i < parameter.end(); i++) {
        if (Float.isNaN(scores[i])) {
          throw new UserException(
              "score of " + parameter.name() + "[" + (i - parameter.offset()) + "]",
              "NaN, but only numbers can be ranked",
              "Check that the model and its weights are sound.");
        }
      }
    }
  }

  /**
   * Counts keys that begin with {@code prefix}, in the bits of {@code fixed}, by their next 16
   * bits.
   */
  private int[] histogram(int prefix, int fixed) {
    int shift = fixed == 0 ? HALF : 0;
    int[] counts = new int[BINS];
    for (ParameterSpec parameter : layout.parameters()) {
      if (parameter.fresh()) {
        continue;
      }
      for (int i = parameter.offset(), end = parameter.end(); i < end; i++) {
        int key = key(scores[i]);
        if ((key & fixed) == prefix) {
          counts[key >>> shift & BINS - 1]++;
        }
      }
    }
    return counts;
  }

  /**
   * @param bin bin of the lowest score that is taken
   * @param inBin how many are taken from that bin
   */
  private record Cut(int bin, int inBin) {}

  private static Cut cut(int[] counts, int wanted) {
    int bin = BINS - 1;
    int left = wanted;
    while (bin > 0 && counts[bin] < left) {
      left -= counts[bin--];
    }
    return new Cut(bin, left);
  }

  /** Takes all above the threshold, and the first {@code ties} that are equal to it. */
  private int[] collect(int threshold, int ties) {
    int order = threshold ^ Integer.MIN_VALUE;
    int left = ties;
    int[] coordinates = new int[wanted + layout.freshSize()];
    int count = 0;
    for (ParameterSpec parameter : layout.parameters()) {
      for (int i = parameter.offset(), end = parameter.end(); i < end; i++) {
        boolean taken = parameter.fresh();
        if (!taken) {
          int key = key(scores[i]) ^ Integer.MIN_VALUE;
          taken = key > order || (key == order && left-- > 0);
        }
        if (taken) {
          coordinates[count++] = i;
        }
      }
    }
    return coordinates;
  }
}
