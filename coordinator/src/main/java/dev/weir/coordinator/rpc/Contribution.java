package dev.weir.coordinator.rpc;

import dev.weir.coordinator.membership.Fault;
import java.util.List;

/**
 * What a worker says of shards once it has computed them, before it sends the rest of their sums.
 * Nothing of it has been checked.
 *
 * @param claim which shards
 * @param faults why some of them cannot be added; if there are any, nothing follows, and what came
 *     before is void
 * @param times where the worker's time went
 */
public record Contribution(Claim claim, List<Fault> faults, WorkerTimes times) {}
