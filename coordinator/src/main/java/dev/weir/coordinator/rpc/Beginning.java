package dev.weir.coordinator.rpc;

import java.util.List;

/**
 * What a worker says of the shards that it computes, before it sends what it knows of their sums.
 * Nothing of it has been checked.
 *
 * @param step the step
 * @param attempt the attempt at it
 * @param shards the shards, as the worker lists them
 * @param fingerprint of the state that the gradients are computed from
 */
public record Beginning(long step, int attempt, List<Integer> shards, long fingerprint) {}
