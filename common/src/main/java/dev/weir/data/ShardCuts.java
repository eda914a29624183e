package dev.weir.data;

/**
 * Cuts samples that are ordered by length into contiguous shards of like cost. A shard of c samples
 * padded to the longest of them, of ℓ tokens, costs c·ℓ; the largest cost of all shards is made as
 * small as contiguous shards allow.
 */
final class ShardCuts {
  private ShardCuts() {}

  /**
   * Where to cut.
   *
   * @param lengths in tokens, ascending
   * @param shards S, at most as many as there are samples
   * @return S + 1 positions, ascending: shard s has the samples from cut s up to cut s + 1, at
   *     least one
   */
  static int[] of(int[] lengths, int shards) {
    long low = 1;
    long high = (long) lengths.length * lengths[lengths.length - 1];
    while (low < high) {
      long middle = (low + high) / 2;
      if (cut(lengths, shards, middle)[shards] == lengths.length) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return cut(lengths, shards, high);
  }

  /** Fills shard after shard up to a cost; the last cut is less than the end if that is too low. */
  private static int[] cut(int[] lengths, int shards, long cost) {
    int[] cuts = new int[shards + 1];
    for (int shard = 0; shard < shards; shard++) {
      int end = cuts[shard];
      int last = lengths.length - (shards - 1 - shard);
      while (end < last && (end + 1L - cuts[shard]) * lengths[end] <= cost) {
        end++;
      }
      cuts[shard + 1] = end;
    }
    return cuts;
  }
}
