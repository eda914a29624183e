package dev.weir.coordinator.membership;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Whether enough workers are ready, and what is said while there are too few. */
final class Quorum {
  private final Rules rules;
  private final Absences absences = new Absences();
  private boolean begun;
  private long latestNs;

  Quorum(Rules rules) {
    this.rules = rules;
  }

  /** A worker is ready. */
  void ready(Member member, long nowNs) {
    latestNs = nowNs;
    absences.isBack(member.name);
  }

  /** One that was ready is lost. */
  void lost(Member member) {
    absences.add(member.name, member.heardNs);
  }

  /** The first step has begun: from now on the least number will do. */
  void begin() {
    begun = true;
  }

  boolean hasBegun() {
    return begun;
  }

  /**
   * Whether so many are enough. After a restart those that worked before are given a moment to come
   * back, so that the step is not dealt to the first of them alone.
   */
  boolean isReached(int ready, long nowNs) {
    return ready >= required() || (isRestart(ready) && !isGathering(nowNs));
  }

  /** Nobody is waited for. */
  void waitIsOver() {
    absences.waitIsOver();
  }

  /** What is to be said of the waiting: when that begins, and again every now and then. */
  Effect.@Nullable Await await(int ready, long nowNs, Collection<Member> members) {
    if (isRestart(ready) || !absences.isTimeToTell(nowNs, rules.limits().reminder())) {
      return null; // After a restart it is only for a moment.
    }
    return new Effect.Await(
        ready, required(), absences.waitedNs(nowNs), absences.awaited(nowNs, members));
  }

  private boolean isRestart(int ready) {
    return !begun && rules.resumed() && ready >= rules.minWorkers();
  }

  private boolean isGathering(long nowNs) {
    return nowNs - latestNs < rules.limits().gathering().toNanos();
  }

  private int required() {
    if (begun) {
      return rules.minWorkers();
    }
    int first =
        rules.resumed() ? Math.min(rules.shards(), rules.firstWorkers()) : rules.firstWorkers();
    return Math.max(rules.minWorkers(), first);
  }
}
