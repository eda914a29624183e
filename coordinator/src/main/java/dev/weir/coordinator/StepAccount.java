package dev.weir.coordinator;

import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.wire.WireBytes;
import java.util.BitSet;

/** What the workers tell of a step beside its values: losses and times; and its bytes. */
final class StepAccount {
  private final double[] losses;
  private final WireBytes bytes;
  private final StepClock clock = new StepClock();

  /** Shards of the current attempt that were told of without faults. */
  private final BitSet accounted = new BitSet();

  /** Bytes sent when the step's first contribution came: everything of the steps before. */
  private long sentBytes;

  StepAccount(int shards, WireBytes bytes) {
    this.losses = new double[shards];
    this.bytes = bytes;
  }

  /** A new attempt begins. */
  void begin() {
    accounted.clear();
    clock.start();
  }

  /**
   * A worker finished computing.
   *
   * @return what it says of its time
   */
  StepTimes contributed(int worker, Contribution contribution) {
    if (clock.isFirstOfStep()) {
      sentBytes = bytes.sent();
    }
    for (int i = 0; i < contribution.shards().size(); i++) {
      losses[contribution.shards().get(i)] = contribution.losses().get(i);
    }
    if (contribution.faults().isEmpty()) {
      contribution.shards().forEach(accounted::set);
    }
    return clock.contributed(worker, contribution.times());
  }

  /** A worker's values are all here. */
  void delivered(int worker) {
    clock.delivered(worker);
  }

  /** Whether all shards were told of. */
  boolean isComplete() {
    return accounted.cardinality() == losses.length;
  }

  /** Mean loss over the step's samples, once all shards are there. */
  double loss() {
    double loss = 0;
    for (double shardLoss : losses) {
      loss += shardLoss;
    }
    return loss;
  }

  /**
   * The step has ended.
   *
   * @param steps how many have, if this one stands for a round
   */
  StepRecord end(long step, int steps, boolean skipped, int attempts, int workers) {
    StepTimes times = clock.mean();
    return new StepRecord(
        step,
        steps,
        skipped ? Double.NaN : loss(),
        skipped,
        attempts,
        workers,
        clock.endStep(),
        times,
        sentBytes,
        bytes.received());
  }
}
