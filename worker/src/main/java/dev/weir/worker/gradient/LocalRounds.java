package dev.weir.worker.gradient;

import dev.weir.data.ShardBatches;
import dev.weir.mask.Mask;
import dev.weir.model.TrainableModel;
import dev.weir.state.TrainingState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * From samples to fixed-point sums with local steps: each shard is a replica that begins at the
 * common values, takes the round's steps by itself, and contributes how far it has come, d = start
 * − end.
 *
 * <p>A replica depends on the common state and on its shard's samples alone, so it is the same
 * whoever runs it. A round that is attempted again, because some d did not fit its range, is not
 * run again: each d is kept until the state is another, k values for each replica. A replica is
 * given up between two of its steps once nobody needs it any more: a round can take long.
 */
public final class LocalRounds implements ShardWork {
  private final Replica replica;
  private final LongPredicate needless;
  private final SumBuilder sums;
  private final int k;
  private final Map<Integer, Replica.Drift> drifts = new HashMap<>();
  private final Deque<float[]> free = new ArrayDeque<>();
  private long round = -1;

  /**
   * @param model with {@code mask} selected
   * @param batchSize samples per step, of all replicas together
   * @param pace how long each of a replica's steps takes at least
   * @param needless whether nobody needs the round that begins at a step any more
   */
  public LocalRounds(
      TrainableModel model,
      Mask mask,
      ShardBatches batches,
      int batchSize,
      Pace pace,
      LongPredicate needless) {
    this.replica = new Replica(model, batches, mask.size(), batchSize, pace);
    this.needless = needless;
    this.sums = new SumBuilder(mask);
    this.k = mask.size();
  }

  @Override
  public ShardSums compute(
      TrainingState state, int attempt, List<Integer> shards, SumsProgress progress)
      throws InterruptedException {
    if (state.step() != round) {
      reset();
      round = state.step();
    }
    sums.begin(shards);
    for (int shard : shards) {
      Replica.Drift drift = drifts.get(shard);
      if (drift == null) {
        float[] values = free.isEmpty() ? new float[k] : free.pop();
        drift = replica.run(state, shard, values, () -> needless.test(round));
        if (drift == null) {
          free.push(values);
          return ShardSums.abandoned(shards);
        }
        drifts.put(shard, drift);
        sums.took(drift.computeNs(), drift.gatherNs());
      }
      sums.add(state, attempt, shard, drift.loss(), drift.values());
    }
    return sums.result();
  }

  @Override
  public void reset() {
    round = -1;
    drifts.values().forEach(drift -> free.push(drift.values()));
    drifts.clear();
  }
}
