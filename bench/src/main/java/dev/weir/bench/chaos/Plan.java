package dev.weir.bench.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * When what is done to whom: a function of the seed.
 *
 * @param faults in the order of their times
 */
record Plan(List<Planned> faults) {
  /** After a coordinator was killed, the next fault comes no sooner. */
  private static final long APART_MS = 3_000;

  /**
   * One fault.
   *
   * @param atMs from the first committed step on
   * @param slot the worker it hits, or the next one that no other fault has a hold on
   * @param lastsMs how long a hang, pause or slowness lasts, or until another worker joins
   * @param strength of a slowness: how many milliseconds each read of the connection is held up
   */
  record Planned(FaultType type, long atMs, int slot, long lastsMs, int strength) {}

  /**
   * Spreads faults evenly over a time, each somewhere within its share.
   *
   * @param coordinator how many of them hit the coordinator
   */
  static Plan of(long seed, int workers, int faults, int coordinator, long fromMs, long untilMs) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Planned> plan = new ArrayList<>();
    double shareMs = (double) (untilMs - fromMs) / faults;
    long earliestMs = 0;
    for (int i = 0; i < faults; i++) {
      boolean hitsCoordinator = (i + 1L) * coordinator / faults > (long) i * coordinator / faults;
      FaultType type = hitsCoordinator ? FaultType.COORDINATOR : draw(random);
      long atMs = fromMs + (long) ((i + 0.7 * random.nextDouble()) * shareMs);
      atMs = Math.max(atMs, Math.min(earliestMs, untilMs));
      plan.add(
          new Planned(
              type, atMs, random.nextInt(workers), lasts(type, random), 100 + random.nextInt(200)));
      earliestMs = hitsCoordinator ? atMs + APART_MS : 0;
    }
    return new Plan(List.copyOf(plan));
  }

  private static FaultType draw(SplittableRandom random) {
    int total = 0;
    for (FaultType type : FaultType.values()) {
      total += type.weight;
    }
    int left = random.nextInt(total);
    for (FaultType type : FaultType.values()) {
      left -= type.weight;
      if (left < 0) {
        return type;
      }
    }
    throw new IllegalStateException("weights do not add up");
  }

  private static long lasts(FaultType type, SplittableRandom random) {
    return switch (type) {
      case HANG -> 2_500 + random.nextInt(2_500);
      case PAUSE -> 300 + random.nextInt(900);
      case CUT -> random.nextInt(300);
      case SLOW -> 4_000 + random.nextInt(4_000);
      case LEAVE -> 1_000 + random.nextInt(2_000);
      case KILL, COORDINATOR -> 0;
    };
  }
}
