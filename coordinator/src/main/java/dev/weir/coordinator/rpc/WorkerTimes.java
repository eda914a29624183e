package dev.weir.coordinator.rpc;

/**
 * Where a worker's time went by its own account, in nanoseconds.
 *
 * @param computeNs forward and backward
 * @param gatherNs bringing the gradient to the host, quantizing and adding it
 * @param allReduceNs from the first value sent until the last sum received, of the step before
 * @param updateNs optimizer and scatter, of the step before
 */
public record WorkerTimes(long computeNs, long gatherNs, long allReduceNs, long updateNs) {}
