package dev.weir.fisher;

import dev.weir.model.FisherKind;

/**
 * How scores are estimated.
 *
 * @param kind which labels to take
 * @param samples N, how many training samples to average over; all of them where there are fewer
 * @param batchSize samples handed to the model at a time; without effect on which samples, but the
 *     order of the sums follows it
 * @param seed which samples
 */
public record FisherSettings(FisherKind kind, int samples, int batchSize, long seed) {
  /** Refuses numbers below 1. */
  public FisherSettings {
    if (samples < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "%d samples in batches of %d; at least 1 of each".formatted(samples, batchSize));
    }
  }
}
