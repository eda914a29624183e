package dev.weir.bench.allreduce;

import java.util.Arrays;
import java.util.Locale;

/**
 * Seconds of rounds, put together.
 *
 * @param median the lower one
 * @param p99 exceeded by one round in a hundred
 */
public record Times(double median, double p99) {
  /** Of at least one round. */
  public static Times of(double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    return new Times(sorted[(sorted.length - 1) / 2], sorted[(sorted.length - 1) * 99 / 100]);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f (%.3f)", median * 1e3, p99 * 1e3);
  }
}
