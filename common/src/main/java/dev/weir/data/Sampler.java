package dev.weir.data;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Which samples shard s of step t is made of: a pure function of the seed, whoever asks, in
 * whatever order.
 *
 * <p>With B samples per step, sample j of step t stands at position p = t·B + j of an endless
 * stream of epochs. Each epoch is a fresh random order of all N samples, so that every sample is
 * seen exactly once per epoch; a step may straddle two epochs, and no sample is dropped at an
 * epoch's end. Within a step the samples are ordered by token length and cut into S contiguous
 * shards: neighbours in length need little padding. The cuts make the shards cost about the same,
 * few long samples in one and many short ones in another, see {@link ShardCuts}; so no worker has
 * to wait for another just because of what it was dealt.
 *
 * <p>Remembers the latest epoch's order and the latest step, so that a call in sequence costs
 * little. For one thread at a time.
 */
public final class Sampler {
  private final long seed;
  private final int size;
  private final UnaryOperator<int[]> lengths;
  private final int batchSize;
  private final int shards;

  private long orderedEpoch = -1;
  private int[] order = {};
  private long orderedStep = -1;
  private int[] samples = {};
  private int[] cuts = {};

  /**
   * @param seed of every random order
   * @param size N, how many samples there are
   * @param lengths gives the tokens of each of some samples; asked for those of one step at a time
   * @param batchSize B, samples per step, all shards together
   * @param shards S, at most B
   * @throws IllegalArgumentException if there is no sample, or not 1 ≤ S ≤ B
   */
  public Sampler(long seed, int size, UnaryOperator<int[]> lengths, int batchSize, int shards) {
    if (size == 0) {
      throw new IllegalArgumentException("there is no sample to draw from");
    }
    if (shards < 1 || shards > batchSize) {
      throw new IllegalArgumentException(
          "%d shards for %d samples per step; every shard needs one".formatted(shards, batchSize));
    }
    this.seed = seed;
    this.size = size;
    this.lengths = lengths;
    this.batchSize = batchSize;
    this.shards = shards;
  }

  /**
   * The samples of shard {@code shard} of step {@code step}, shortest first.
   *
   * @return indices, 0 … N−1; a new array, the caller's
   * @throws IndexOutOfBoundsException if the shard is not in 0 … S−1
   */
  public int[] shard(long step, int shard) {
    if (shard < 0 || shard >= shards) {
      throw new IndexOutOfBoundsException("shard %d of %d".formatted(shard, shards));
    }
    int[] drawn = samplesOf(step);
    return Arrays.copyOfRange(drawn, cuts[shard], cuts[shard + 1]);
  }

  /** The epoch, from 0, that the first sample of the step belongs to. */
  public long epoch(long step) {
    return positionOf(step) / size;
  }

  /** Samples per step, B. */
  public int batchSize() {
    return batchSize;
  }

  private long positionOf(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("step " + step + "; the first step is 0");
    }
    return Math.multiplyExact(step, (long) batchSize);
  }

  private int[] samplesOf(long step) {
    if (step != orderedStep) {
      int[] drawn = drawn(step);
      samples = LengthOrder.of(drawn, lengths.apply(drawn));
      cuts = ShardCuts.of(lengths.apply(samples), shards);
      orderedStep = step;
    }
    return samples;
  }

  private int[] drawn(long step) {
    long first = positionOf(step);
    int[] drawn = new int[batchSize];
    for (int j = 0; j < batchSize; j++) {
      long position = first + j;
      drawn[j] = orderOf(position / size)[(int) (position % size)];
    }
    return drawn;
  }

  private int[] orderOf(long epoch) {
    if (epoch != orderedEpoch) {
      order = Permutation.of(seed, epoch, size);
      orderedEpoch = epoch;
    }
    return order;
  }
}
