package dev.weir.state;

import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.optimizer.SparseOptimizer;

/**
 * Everything that turns the sum of a step's shards into an update, the same for everybody.
 *
 * @param optimizer the rule
 * @param schedule the learning rate
 * @param clipNorm largest Euclidean norm of a step's gradient; 0 for any
 * @param shards number of shards of a step, S
 * @param decay where weight decay applies; as many values as the state has
 */
public record UpdateRule(
    SparseOptimizer optimizer,
    LearningRateSchedule schedule,
    double clipNorm,
    int shards,
    DecayRanges decay) {}
