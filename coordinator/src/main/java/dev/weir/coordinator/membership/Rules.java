package dev.weir.coordinator.membership;

import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;

/**
 * What the membership must keep to.
 *
 * @param shards shards per step, S
 * @param steps steps of the whole job
 * @param everySteps steps that pass with each commit; the last may have fewer left
 * @param minWorkers steps begin only while at least so many workers are ready
 * @param firstWorkers the first step begins once so many workers are ready
 * @param resumed whether the run was begun before; {@code firstWorkers} then are not insisted on
 * @param maxSkippedSteps so many steps skipped in a row end the job
 * @param maxAttempts a step that overflows so often ends the job
 * @param adaptive whether slow workers are dealt less, and overdue shards made by others too; if
 *     not, each worker is dealt its even share and is waited for until it is lost
 * @param topology who adds, where that is possible
 * @param costs of the vector that is added
 * @param limits how long to wait for whom
 */
public record Rules(
    int shards,
    long steps,
    int everySteps,
    int minWorkers,
    int firstWorkers,
    boolean resumed,
    int maxSkippedSteps,
    int maxAttempts,
    boolean adaptive,
    Topology topology,
    CostModel costs,
    FailureLimits limits) {}
