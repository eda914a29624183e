package dev.weir.worker.rpc;

import java.util.List;

/** What the coordinator has a worker do, in the order in which it was sent. */
@SuppressWarnings("ArrayRecordComponent") // Arrays are handed over, never compared.
public sealed interface Instruction {

  /** The step that it is about; -1 if it is not about one. */
  default long ofStep() {
    return -1;
  }

  /** Load what this job, in YAML, will need: there is no mask yet. */
  record Prepare(String job) implements Instruction {}

  /**
   * This worker is let in.
   *
   * @param worker the number it is known by
   * @param job the resolved job, in YAML
   * @param chunkLength values per chunk
   * @param life tells this life of the coordinator from others
   */
  record Welcome(
      int worker,
      String job,
      int chunkLength,
      String modelDigest,
      String dataDigest,
      String maskDigest,
      long life)
      implements Instruction {}

  /** Train these coordinates: an encoded mask. */
  record Select(byte[] mask) implements Instruction {}

  /** Continue from this encoded state, whatever was being done. */
  record Adopt(byte[] state) implements Instruction {}

  /**
   * Contribute the sum of these shards.
   *
   * @param plan by which it is added; 0 if the coordinator does
   */
  record Compute(long generation, long step, int attempt, long plan, List<Integer> shards)
      implements Instruction {
    @Override
    public long ofStep() {
      return step;
    }
  }

  /**
   * Apply the sums over all shards of a step.
   *
   * @param sums of length k; give it back with {@link CoordinatorLink#recycle}
   */
  record Commit(long step, int attempt, int[] sums) implements Instruction {
    @Override
    public long ofStep() {
      return step;
    }
  }

  /** The step passes without an update. */
  record Skip(long step, String reason) implements Instruction {
    @Override
    public long ofStep() {
      return step;
    }
  }

  /** The last instruction of a stream. */
  sealed interface End extends Instruction {
    /** Why it ended. */
    String reason();
  }

  /** The job is over: all its steps are done. */
  record Finish(String reason) implements End {}

  /** The job cannot go on, whoever works for it. */
  record Failed(String reason) implements End {}

  /** The coordinator will not have this worker as it is. */
  record Refused(String reason) implements End {}

  /** The coordinator cannot be joined as things are; trying again would not help. */
  record Rejected(String reason, String remedy) implements End {}

  /** This worker was told to stop, and is to take its leave. */
  record Leave(String reason) implements End {}

  /** The stream broke. */
  record Broken(String reason) implements End {}
}
