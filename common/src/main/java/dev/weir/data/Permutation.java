package dev.weir.data;

import java.util.SplittableRandom;

/** Random orders that are functions of a key: the same in every process. */
public final class Permutation {
  private Permutation() {}

  /**
   * A uniformly random order of 0 … {@code size}−1 (Fisher–Yates).
   *
   * @param seed the job's seed
   * @param stream which of the seed's independent orders; an epoch, or a negative number for a use
   *     outside training
   * @return a new array, the caller's
   */
  public static int[] of(long seed, long stream, int size) {
    SplittableRandom random = keyed(seed, stream);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * A generator for each pair. Seeds that differ by little, added up, would give generators that
   * are shifts of each other; each nextLong here mixes all 64 bits before the next is added.
   */
  private static SplittableRandom keyed(long seed, long stream) {
    long mixedSeed = new SplittableRandom(seed).nextLong();
    return new SplittableRandom(new SplittableRandom(mixedSeed + stream).nextLong());
  }
}
