package dev.weir.state;

import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.optimizer.LocalSteps;
import dev.weir.optimizer.SparseOptimizer;
import dev.weir.sum.SumRule;

/**
 * Everything that turns the sum of a step's shards into an update, the same for everybody.
 *
 * @param optimizer the rule
 * @param schedule the learning rate
 * @param clipNorm largest Euclidean norm of a step's gradient; 0 for any
 * @param sums how shards are added
 * @param decay where weight decay applies; as many values as the state has
 * @param local whether the shards are replicas that take steps of their own
 */
public record UpdateRule(
    SparseOptimizer optimizer,
    LearningRateSchedule schedule,
    double clipNorm,
    SumRule sums,
    DecayRanges decay,
    LocalSteps local) {

  /** A rule without local steps. */
  public UpdateRule(
      SparseOptimizer optimizer,
      LearningRateSchedule schedule,
      double clipNorm,
      SumRule sums,
      DecayRanges decay) {
    this(optimizer, schedule, clipNorm, sums, decay, LocalSteps.NONE);
  }

  /** What turns the reduced vector into an update of the common values. */
  SparseOptimizer common() {
    return local.hasReplicas() ? local.outer() : optimizer;
  }
}
