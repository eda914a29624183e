package dev.weir.bench.upkeep;

import dev.weir.coordinator.journal.Journal;
import dev.weir.coordinator.membership.CostModel;
import dev.weir.coordinator.membership.Effect;
import dev.weir.coordinator.membership.Event;
import dev.weir.coordinator.membership.Membership;
import dev.weir.coordinator.membership.Rules;
import dev.weir.job.FailureLimits;
import dev.weir.job.Job;
import dev.weir.job.Topology;
import dev.weir.mask.Mask;
import dev.weir.mask.Masks;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/** Seconds per step that a step would not need if nothing could fail; measured on real parts. */
final class StepUpkeep {
  private static final int WARM_UP = 100;
  private static final int STEPS = 400;

  private StepUpkeep() {}

  /**
   * The journal and the coordinator's replica of the state.
   *
   * @param keep seconds per step to append the sums, new snapshots included
   * @param commit seconds per step to apply them
   * @param digest seconds per step of the state's fingerprint, which every worker makes as well
   */
  record OfState(double keep, double commit, double digest) {}

  static OfState ofState(Job job, Path folder) {
    try (Task task = Task.load(job, 1, "cpu")) {
      int k = Masks.budget(task.model().layout(), job.method().density());
      Mask mask = Masks.random(task.model().layout(), k, 1);
      try (Journal journal = Journal.create(folder, task.newState(mask))) {
        return ofState(journal, sums(k));
      }
    }
  }

  private static OfState ofState(Journal journal, int[] sums) {
    TrainingState state = journal.state();
    long[] ns = new long[3];
    long unused = 0;
    for (int i = -WARM_UP; i < STEPS; i++) {
      if (i == 0) {
        ns = new long[3];
      }
      long t0 = System.nanoTime();
      journal.append(state.step(), 0, 0.5, sums);
      long t1 = System.nanoTime();
      state.commit(0, sums);
      long t2 = System.nanoTime();
      journal.compactIfDue();
      long t3 = System.nanoTime();
      unused += state.fingerprint();
      long t4 = System.nanoTime();
      ns[0] += t1 - t0 + t3 - t2;
      ns[1] += t2 - t1;
      ns[2] += t4 - t3;
    }
    if (unused == 0) {
      throw new IllegalStateException("no state has this fingerprint so often");
    }
    return new OfState(ns[0] / 1e9 / STEPS, ns[1] / 1e9 / STEPS, ns[2] / 1e9 / STEPS);
  }

  private static int[] sums(int k) {
    SplittableRandom random = new SplittableRandom(1);
    return random.ints(k, -1000, 1000).toArray();
  }

  /** Seconds per step of {@code workers} workers, each of which makes a shard and is heard. */
  static double ofMembership(int workers) {
    Rules rules =
        new Rules(
            workers,
            WARM_UP + STEPS + 1,
            1,
            1,
            workers,
            false,
            5,
            12,
            true,
            Topology.HUB,
            new CostModel(1, 1, 4),
            new FailureLimits(java.time.Duration.ofSeconds(2)));
    Membership membership = new Membership(rules, 0, 0);
    List<Effect> work = List.of();
    for (int worker = 1; worker <= workers; worker++) {
      membership.on(0, new Event.Joined(worker, "worker-" + worker));
      work = membership.on(0, new Event.Ready(worker, false));
    }
    long beganNs = 0;
    for (int step = 0; step < WARM_UP + STEPS; step++) {
      if (step == WARM_UP) {
        beganNs = System.nanoTime();
      }
      work = play(membership, step, work);
    }
    return (System.nanoTime() - beganNs) / 1e9 / STEPS;
  }

  private static List<Effect> play(Membership membership, int step, List<Effect> work) {
    List<Effect> next = List.of();
    BitSet delivered = new BitSet();
    long nowNs = 1_000_000_000L * (step + 1);
    for (int tick = 31; tick > 0; tick--) {
      membership.on(nowNs - tick * 31_250_000L, new Event.Tick());
    }
    for (Effect effect : work) {
      if (effect instanceof Effect.Assign assign) {
        delivered.or(assign.shards());
        membership.on(nowNs, new Event.Heard(assign.worker()));
        membership.on(
            nowNs, new Event.Contributed(assign.worker(), step, 0, assign.shards(), List.of()));
        next =
            membership.on(
                nowNs,
                new Event.Delivered(
                    assign.worker(), step, 0, assign.shards(), (BitSet) delivered.clone()));
      }
    }
    if (next.stream().noneMatch(Effect.Commit.class::isInstance)) {
      throw new IllegalStateException("step " + step + " did not commit");
    }
    return next;
  }
}
