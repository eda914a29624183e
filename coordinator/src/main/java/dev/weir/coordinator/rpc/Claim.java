package dev.weir.coordinator.rpc;

import java.util.List;

/**
 * What a worker says that its sums are of. Nothing of it has been checked.
 *
 * @param step the step
 * @param attempt the attempt at it
 * @param shards the shards, as the worker lists them
 * @param losses share of each in the step's mean loss, in the order of {@code shards}
 * @param fingerprint of the state that the gradients are computed from
 * @param plan by which the sums go to other workers; 0 if they come here
 */
public record Claim(
    long step,
    int attempt,
    List<Integer> shards,
    List<Double> losses,
    long fingerprint,
    long plan) {}
