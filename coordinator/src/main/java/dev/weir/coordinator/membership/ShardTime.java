package dev.weir.coordinator.membership;

/**
 * How long a shard usually takes, and by how much that varies: the smoothed mean and mean deviation
 * that TCP keeps of its round trips (RFC 6298).
 */
final class ShardTime {
  private static final int MEAN_WEIGHT = 8;
  private static final int DEVIATION_WEIGHT = 4;
  private static final int MAX_FACTOR = 4;

  private long usualNs;
  private long deviationNs;

  /** A shard took so long. What is far off counts as four times the usual at most. */
  void add(long shardNs) {
    if (usualNs == 0) {
      usualNs = Math.max(1, shardNs);
      deviationNs = usualNs / 2;
      return;
    }
    long ns = Math.min(shardNs, MAX_FACTOR * usualNs);
    deviationNs += (Math.abs(ns - usualNs) - deviationNs) / DEVIATION_WEIGHT;
    usualNs = Math.max(1, usualNs + (ns - usualNs) / MEAN_WEIGHT);
  }

  /** 0 while nothing is known. */
  long usualNs() {
    return usualNs;
  }

  long deviationNs() {
    return deviationNs;
  }
}
