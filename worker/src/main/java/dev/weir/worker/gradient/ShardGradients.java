package dev.weir.worker.gradient;

import dev.weir.data.LabelledBatch;
import dev.weir.data.ShardBatches;
import dev.weir.mask.Mask;
import dev.weir.model.GradientReport;
import dev.weir.model.TrainableModel;
import dev.weir.state.TrainingState;
import java.util.Iterator;
import java.util.List;

/**
 * From samples to fixed-point sums: forward and backward of each shard, its gradient at the mask's
 * k coordinates turned into integers, and these added.
 */
public final class ShardGradients implements ShardWork {
  private final TrainableModel model;
  private final ShardBatches batches;
  private final float scale;
  private final Pace pace;
  private final float[] gradient;
  private final SumBuilder sums;

  /**
   * @param model with {@code mask} selected
   * @param batchSize samples per step; losses are divided by it
   * @param pace how long a shard takes at least
   */
  public ShardGradients(
      TrainableModel model, Mask mask, ShardBatches batches, int batchSize, Pace pace) {
    this.pace = pace;
    this.model = model;
    this.batches = batches;
    this.scale = 1f / batchSize;
    this.gradient = new float[mask.size()];
    this.sums = new SumBuilder(mask);
  }

  @Override
  public ShardSums compute(
      TrainingState state, int attempt, List<Integer> shards, SumsProgress progress)
      throws InterruptedException {
    sums.begin(shards);
    for (Iterator<Integer> each = shards.iterator(); each.hasNext(); ) {
      int shard = each.next();
      SumsProgress last = each.hasNext() ? SumsProgress.NONE : progress;
      long beganNs = System.nanoTime();
      LabelledBatch batch = batches.batch(state.step(), shard);
      SumBuilder.Addition addition = sums.new Addition(state, attempt, shard, gradient, last);
      GradientReport report =
          model.gradient(batch.tokens(), batch.labels(), scale, gradient, addition);
      sums.took(report.computeNs(), report.gatherNs());
      addition.end(report.loss());
      sums.took(pace.sleepOut(beganNs), 0);
    }
    return sums.result();
  }
}
