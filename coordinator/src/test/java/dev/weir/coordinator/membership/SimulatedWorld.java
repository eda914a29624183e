package dev.weir.coordinator.membership;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/** What shards come to, as a function of step, shard and state alone; and where that leads. */
final class SimulatedWorld {
  private static final int LENGTH = 3;

  /** How a run ends, and with what. */
  record Outcome(String end, long step, int hash) {}

  private final int[][] attempts;
  private final boolean[][] notFinite;
  private final int every;

  SimulatedWorld(SplittableRandom random, int steps, int shards) {
    attempts = new int[steps][shards];
    notFinite = new boolean[steps][shards];
    for (int step = 0; step < steps; step++) {
      for (int shard = 0; shard < shards; shard++) {
        attempts[step][shard] = random.nextInt(25) == 0 ? 1 + random.nextInt(4) : 0;
        notFinite[step][shard] = random.nextInt(30) == 0;
      }
    }
    every = 1 + random.nextInt(3);
  }

  int steps() {
    return attempts.length;
  }

  /** Steps of a round. */
  int every() {
    return every;
  }

  /** The step that begins after the round that begins with {@code step}. */
  long after(long step) {
    return Math.min(steps(), step + every);
  }

  int shards() {
    return attempts[0].length;
  }

  List<Fault> faults(long step, int attempt, BitSet shards) {
    List<Fault> faults = new ArrayList<>();
    for (int shard = shards.nextSetBit(0); shard >= 0; shard = shards.nextSetBit(shard + 1)) {
      if (notFinite[(int) step][shard]) {
        faults.add(new Fault(Fault.Kind.NON_FINITE, shard, "w"));
      } else if (attempt < attempts[(int) step][shard]) {
        faults.add(new Fault(Fault.Kind.OVERFLOW, shard, "w"));
      }
    }
    return faults;
  }

  int sum(long step, BitSet shards, int hash, int index) {
    int sum = 0;
    for (int shard = shards.nextSetBit(0); shard >= 0; shard = shards.nextSetBit(shard + 1)) {
      int mixed = SimulatedRun.mix(SimulatedRun.mix(hash, (int) step), shard * 31 + index);
      sum += mixed;
    }
    return sum;
  }

  /** The run of one worker that never fails. A shard that is not finite is found at once. */
  Outcome undisturbed(int maxSkips, int maxAttempts) {
    BitSet all = new BitSet();
    all.set(0, shards());
    int hash = 17;
    int skips = 0;
    for (int step = 0; step < steps(); step = (int) after(step)) {
      int attempt = 0;
      boolean skip = false;
      for (int shard = 0; shard < shards(); shard++) {
        attempt = Math.max(attempt, attempts[step][shard]);
        skip |= notFinite[step][shard];
      }
      if (skip) {
        hash = SimulatedRun.mix(hash, -1);
        if (++skips >= maxSkips) {
          return new Outcome("failed", after(step), hash);
        }
        continue;
      }
      if (attempt >= maxAttempts) {
        return new Outcome("failed", step, hash);
      }
      int[] sums = new int[LENGTH];
      for (int index = 0; index < LENGTH; index++) {
        sums[index] = sum(step, all, hash, index);
      }
      hash = SimulatedRun.mix(hash, attempt);
      for (int sum : sums) {
        hash = SimulatedRun.mix(hash, sum);
      }
      skips = 0;
    }
    return new Outcome("finished", steps(), hash);
  }
}
