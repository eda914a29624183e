package dev.weir.worker.gradient;

import dev.weir.state.TrainingState;
import java.util.List;

/** What shards are turned into: the vectors that are added over all of them. */
public interface ShardWork {
  /**
   * Computes and adds some shards of the state's step, or of the round that begins with it.
   *
   * @param attempt the attempt at it, from 0
   * @param progress told how far the sums are, if they are made little by little
   * @return with sums that the next call overwrites; or abandoned, where nobody needs them any more
   */
  ShardSums compute(TrainingState state, int attempt, List<Integer> shards, SumsProgress progress)
      throws InterruptedException;

  /** Forgets what was computed from earlier states: what follows may be computed from another. */
  default void reset() {}
}
