package dev.weir.coordinator.rpc;

import dev.weir.coordinator.membership.Fault;
import java.util.List;

/**
 * What a worker says of the shards that it computed, before it sends the rest of their sums.
 * Nothing of it has been checked.
 *
 * @param step the step
 * @param attempt the attempt at it
 * @param shards the shards, as the worker lists them
 * @param losses share of each in the step's mean loss, in the order of {@code shards}
 * @param faults why some of them cannot be added; if there are any, nothing follows, and what came
 *     before is void
 * @param fingerprint of the state that the gradients were computed from
 * @param times where the worker's time went
 * @param plan by which its values go to other workers; 0 if they follow
 */
public record Contribution(
    long step,
    int attempt,
    List<Integer> shards,
    List<Double> losses,
    List<Fault> faults,
    long fingerprint,
    WorkerTimes times,
    long plan) {}
