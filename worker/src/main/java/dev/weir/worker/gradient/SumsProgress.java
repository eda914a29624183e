package dev.weir.worker.gradient;

import java.util.List;

/** Is told what is known of sums while their last shard is still being computed. */
public interface SumsProgress {
  /** Asks for nothing. */
  SumsProgress NONE = (losses, sums, from) -> {};

  /**
   * The sums from position {@code from} on are what they will be, unless a shard turns out to have
   * a fault. Called on the computing thread, which goes on when this returns; each time with a
   * position that is not higher.
   *
   * @param losses the share of each shard in the step's mean loss, in the order of the shards
   * @param sums length k, owned by whoever computes them
   */
  void reached(List<Double> losses, int[] sums, int from);
}
