package dev.weir.worker.gradient;

import java.util.Collections;
import java.util.List;

/**
 * What some shards of a step came to.
 *
 * @param shards the shards
 * @param losses the share of each in the step's mean loss
 * @param faults what keeps them from being added; if there are any, the sums mean nothing
 * @param sums fixed-point, of length k; owned by whoever computed them and overwritten by the next
 * @param computeNs time of forward and backward
 * @param gatherNs time of bringing gradients to the host, quantizing and adding them
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record ShardSums(
    List<Integer> shards,
    List<Double> losses,
    List<ShardFault> faults,
    int[] sums,
    long computeNs,
    long gatherNs) {

  /** What is left of shards that somebody else has made in the meantime: nothing. */
  public static ShardSums abandoned(List<Integer> shards) {
    return new ShardSums(
        shards, Collections.nCopies(shards.size(), 0.0), List.of(), new int[0], 0, 0);
  }

  /** Whether they were given up, so that there are no sums and the losses mean nothing. */
  public boolean isAbandoned() {
    return sums.length == 0;
  }
}
