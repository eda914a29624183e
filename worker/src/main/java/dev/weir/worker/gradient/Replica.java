package dev.weir.worker.gradient;

import dev.weir.data.LabelledBatch;
import dev.weir.data.ShardBatches;
import dev.weir.model.GradientReport;
import dev.weir.model.TrainableModel;
import dev.weir.optimizer.GradientNorm;
import dev.weir.state.TrainingState;
import dev.weir.state.UpdateRule;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica's round, in memory that the next one uses again: its values, moments and gradient.
 */
final class Replica {
  private static final Logger log = LoggerFactory.getLogger(Replica.class);

  private final TrainableModel model;
  private final ShardBatches batches;
  private final int batchSize;
  private final Pace pace;
  private final float[] values;
  private final float[] gradient;
  private float[][] moments = {};

  Replica(TrainableModel model, ShardBatches batches, int k, int batchSize, Pace pace) {
    this.pace = pace;
    this.model = model;
    this.batches = batches;
    this.batchSize = batchSize;
    this.values = new float[k];
    this.gradient = new float[k];
  }

  /**
   * What a round came to.
   *
   * @param values d = start − end, of length k; not finite where the replica is not
   * @param loss the shard's share of the mean loss over the steps of the round
   * @param computeNs time of forward, backward and the replica's steps
   * @param gatherNs time of bringing gradients to the host
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
  record Drift(float[] values, double loss, long computeNs, long gatherNs) {}

  /**
   * Takes the steps of the round that begins at {@code state}. It leaves the model at its end.
   *
   * <p>A shard's gradient is its share of that of the mean loss over the step's samples; here it is
   * multiplied by the number of shards, so that it is as long as if it were the whole. Ends early
   * where a loss or gradient is not finite, with a d that is not finite in the same places.
   *
   * @param drift length k, overwritten and handed on
   * @param needless asked before each step whether to give up
   * @return null if given up
   */
  @Nullable Drift run(TrainingState state, int shard, float[] drift, BooleanSupplier needless)
      throws InterruptedException {
    UpdateRule rule = state.rule();
    int shards = rule.sums().shards();
    float scale = (float) shards / batchSize;
    int length = state.roundLength();
    begin(state);
    double loss = 0;
    long gatherNs = 0;
    long startNs = System.nanoTime();
    for (int i = 0; i < length; i++) {
      if (needless.getAsBoolean()) {
        log.info(
            "shard {} of the round from step {} is given up after {} of {} steps",
            shard,
            state.step(),
            i,
            length);
        return null;
      }
      long beganNs = System.nanoTime();
      model.write(values);
      LabelledBatch batch = batches.batch(state.step() + i, shard);
      GradientReport report = model.gradient(batch.tokens(), batch.labels(), scale, gradient);
      loss += report.loss() / ((double) shards * length);
      gatherNs += report.gatherNs();
      double norm = GradientNorm.of(gradient);
      if (!Double.isFinite(norm) || !Double.isFinite(loss)) {
        System.arraycopy(gradient, 0, drift, 0, drift.length);
        return new Drift(drift, loss, System.nanoTime() - startNs - gatherNs, gatherNs);
      }
      step(rule, state.step(), i, norm);
      pace.sleepOut(beganNs);
    }
    float[] start = state.values();
    for (int i = 0; i < drift.length; i++) {
      drift[i] = start[i] - values[i];
    }
    return new Drift(drift, loss, System.nanoTime() - startNs - gatherNs, gatherNs);
  }

  private void begin(TrainingState state) {
    System.arraycopy(state.values(), 0, values, 0, values.length);
    int count = state.rule().optimizer().moments();
    if (moments.length != count) {
      moments = new float[count][values.length];
    }
    for (float[] moment : moments) {
      Arrays.fill(moment, 0);
    }
  }

  private void step(UpdateRule rule, long round, int i, double norm) {
    GradientNorm.clip(gradient, norm, rule.clipNorm());
    float rate = rule.schedule().at(round + i);
    rule.optimizer().update(i + 1, rate, gradient, values, moments, rule.decay());
  }
}
