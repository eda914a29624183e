package dev.weir.coordinator;

import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.coordinator.rpc.Claim;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.wire.WireBytes;
import java.util.Arrays;
import java.util.BitSet;

/** What the workers tell of a step beside its values: losses and times; and its bytes. */
final class StepAccount {
  private final double[] losses;
  private final WireBytes bytes;
  private final StepClock clock = new StepClock();

  /** Shards of the current attempt whose losses were told. */
  private final BitSet accounted = new BitSet();

  /** Bytes sent when the first word of the step came: everything of the steps before. */
  private long sentBytes;

  private boolean heard;

  StepAccount(int shards, WireBytes bytes) {
    this.losses = new double[shards];
    this.bytes = bytes;
  }

  /** A new attempt begins. */
  void begin() {
    accounted.clear();
    Arrays.fill(losses, 0);
    clock.start();
  }

  /**
   * A worker finished computing.
   *
   * @return what it says of its time
   */
  StepTimes contributed(int worker, Contribution contribution) {
    hear();
    if (contribution.faults().isEmpty()) {
      note(contribution.claim());
    }
    return clock.contributed(worker, contribution.times());
  }

  /** A worker has some of its sums. */
  void begun(Claim claim) {
    hear();
    note(claim);
  }

  private void hear() {
    if (!heard) {
      sentBytes = bytes.sent();
      heard = true;
    }
  }

  /**
   * Whoever gave a shard up says 0 of it, sooner or later than who made it: that counts for less.
   */
  private void note(Claim claim) {
    for (int i = 0; i < claim.shards().size(); i++) {
      int shard = claim.shards().get(i);
      accounted.set(shard);
      if (losses[shard] == 0) {
        losses[shard] = claim.losses().get(i);
      }
    }
  }

  /** A worker's values are all here. */
  void delivered(int worker) {
    clock.delivered(worker);
  }

  /** Whether the losses of all shards are known. */
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
    heard = false;
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
