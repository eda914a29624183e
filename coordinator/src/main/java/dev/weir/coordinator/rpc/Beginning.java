package dev.weir.coordinator.rpc;

import java.util.List;

/**
 * What a worker says of the shards that it computes, before it sends what it knows of their sums.
 * Nothing of it has been checked.
 *
 * @param step the step
 * @param attempt the attempt at it
 * @param shards the shards, as the worker lists them
 * @param losses share of each in the step's mean loss, in the order of {@code shards}
 * @param fingerprint of the state that the gradients are computed from
 * @param plan by which its values go to other workers; 0 if they follow
 */
public record Beginning(
    long step,
    int attempt,
    List<Integer> shards,
    List<Double> losses,
    long fingerprint,
    long plan) {}
