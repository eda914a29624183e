package dev.weir.worker.gradient;

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
    long gatherNs) {}
