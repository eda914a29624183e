package dev.weir.data;

/** The batch of each shard of each step. For one thread at a time, as its sampler. */
public final class ShardBatches {
  private final EncodedExamples examples;
  private final Sampler sampler;

  /**
   * @param examples the training part
   * @param seed the job's
   * @param batchSize samples per step, all shards together
   * @param shards per step, at most {@code batchSize}
   * @throws IllegalArgumentException as {@link Sampler}
   */
  public ShardBatches(EncodedExamples examples, long seed, int batchSize, int shards) {
    this.examples = examples;
    this.sampler = new Sampler(seed, examples.size(), examples::lengths, batchSize, shards);
  }

  /** The samples of shard {@code shard} of step {@code step}. */
  public LabelledBatch batch(long step, int shard) {
    return examples.batch(sampler.shard(step, shard));
  }

  /** The epoch that the step's first sample belongs to. */
  public long epoch(long step) {
    return sampler.epoch(step);
  }
}
