package dev.weir.worker.gradient;

import dev.weir.data.LabelledBatch;
import dev.weir.data.ShardBatches;
import dev.weir.mask.Mask;
import dev.weir.model.GradientReport;
import dev.weir.model.TrainableModel;
import dev.weir.state.TrainingState;
import dev.weir.sum.Quantization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From samples to fixed-point sums: forward and backward of each shard, its gradient at the mask's
 * k coordinates turned into integers, and these added.
 */
public final class ShardGradients {
  private final TrainableModel model;
  private final Mask mask;
  private final ShardBatches batches;
  private final float scale;
  private final Pace pace;
  private final float[] gradient;
  private final int[] sums;

  /**
   * @param model with {@code mask} selected
   * @param batchSize samples per step; losses are divided by it
   * @param pace how long a shard takes at least
   */
  public ShardGradients(
      TrainableModel model, Mask mask, ShardBatches batches, int batchSize, Pace pace) {
    this.pace = pace;
    this.model = model;
    this.mask = mask;
    this.batches = batches;
    this.scale = 1f / batchSize;
    this.gradient = new float[mask.size()];
    this.sums = new int[mask.size()];
  }

  /**
   * Computes and adds some shards of the state's step.
   *
   * @param attempt the attempt at it, from 0
   * @return with sums that the next call overwrites
   */
  public ShardSums compute(TrainingState state, int attempt, List<Integer> some)
      throws InterruptedException {
    List<Double> losses = new ArrayList<>();
    List<ShardFault> faults = new ArrayList<>();
    long computeNs = 0;
    long gatherNs = 0;
    Arrays.fill(sums, 0);
    for (int shard : some) {
      long beganNs = System.nanoTime();
      LabelledBatch batch = batches.batch(state.step(), shard);
      GradientReport report = model.gradient(batch.tokens(), batch.labels(), scale, gradient);
      long startNs = System.nanoTime();
      losses.add(report.loss());
      add(shard, report.loss(), attempt, state, faults);
      computeNs += report.computeNs();
      gatherNs += report.gatherNs() + System.nanoTime() - startNs;
      computeNs += pace.sleepOut(beganNs);
    }
    return new ShardSums(List.copyOf(some), losses, faults, sums, computeNs, gatherNs);
  }

  private void add(
      int shard, double loss, int attempt, TrainingState state, List<ShardFault> faults) {
    if (!Double.isFinite(loss)) {
      faults.add(new ShardFault(ShardFault.Kind.NON_FINITE, shard, ""));
      return;
    }
    Quantization quantization = state.quantize(attempt, shard, gradient, sums);
    if (!quantization.isOk()) {
      ShardFault.Kind kind =
          quantization.outcome() == Quantization.Outcome.OVERFLOW
              ? ShardFault.Kind.OVERFLOW
              : ShardFault.Kind.NON_FINITE;
      faults.add(new ShardFault(kind, shard, mask.parameterAt(quantization.position()).name()));
    }
  }
}
