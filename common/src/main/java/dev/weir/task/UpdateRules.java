package dev.weir.task;

import dev.weir.job.CommunicationSection;
import dev.weir.job.Job;
import dev.weir.job.OptimizerSection;
import dev.weir.job.OuterSection;
import dev.weir.job.ScheduleSection;
import dev.weir.job.TrainingSection;
import dev.weir.mask.Mask;
import dev.weir.optimizer.AdamW;
import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.optimizer.LocalSteps;
import dev.weir.optimizer.Sgd;
import dev.weir.optimizer.SparseOptimizer;
import dev.weir.state.UpdateRule;
import dev.weir.sum.SumRule;

/** From a job to the rule of its updates. */
public final class UpdateRules {
  private UpdateRules() {}

  /** How the values of {@code mask} are updated. */
  public static UpdateRule of(Job job, Mask mask) {
    TrainingSection training = job.training();
    return new UpdateRule(
        optimizer(training.optimizer()),
        schedule(training),
        training.clipNorm(),
        new SumRule(job.communication().precision().format(), training.shards(), job.seed()),
        DecayRanges.of(mask),
        localSteps(job.communication()));
  }

  private static LocalSteps localSteps(CommunicationSection communication) {
    OuterSection outer = communication.outer();
    LocalSteps.Combination combination =
        switch (outer.combine()) {
          case MEAN -> LocalSteps.Combination.MEAN;
          case SUM -> LocalSteps.Combination.SUM;
          case NESTEROV -> LocalSteps.Combination.NESTEROV;
        };
    return new LocalSteps(
        communication.everySteps(), combination, outer.learningRate(), outer.momentum());
  }

  private static SparseOptimizer optimizer(OptimizerSection section) {
    return switch (section.name()) {
      case ADAMW ->
          new AdamW(section.beta1(), section.beta2(), section.epsilon(), section.weightDecay());
      case SGD -> new Sgd(section.momentum(), section.nesterov(), section.weightDecay());
    };
  }

  private static LearningRateSchedule schedule(TrainingSection training) {
    ScheduleSection section = training.schedule();
    LearningRateSchedule.Shape shape =
        switch (section.shape()) {
          case LINEAR -> LearningRateSchedule.Shape.LINEAR;
          case COSINE -> LearningRateSchedule.Shape.COSINE;
          case CONSTANT -> LearningRateSchedule.Shape.CONSTANT;
        };
    return new LearningRateSchedule(
        shape, training.optimizer().learningRate(), section.warmup(), training.steps());
  }
}
