package dev.weir.data;

import java.util.Arrays;

/** The order in which neighbours need little padding. */
final class LengthOrder {
  private LengthOrder() {}

  /**
   * The samples from the shortest to the longest. Ties stay in the order given, so that the result
   * has one meaning.
   *
   * @param samples indices
   * @param lengths tokens of each of them
   * @return a new array, the caller's
   */
  static int[] of(int[] samples, int[] lengths) {
    long[] keys = new long[samples.length];
    for (int j = 0; j < samples.length; j++) {
      keys[j] = (long) lengths[j] << Integer.SIZE | j;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> samples[(int) key]).toArray();
  }
}
