package dev.weir.coordinator.membership;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Who is overdue with shards of the current attempt, and what is told of that.
 *
 * <p>To look at all members costs time for each of them; so until when nobody can become overdue is
 * remembered.
 */
final class Stragglers {
  private long calmUntilNs = Long.MIN_VALUE;

  /** Whether nobody can be overdue yet, by the last look. */
  boolean isCalm(long nowNs) {
    return nowNs < calmUntilNs;
  }

  /** What the last look has found may hold no longer. */
  void lookAgain() {
    calmUntilNs = Long.MIN_VALUE;
  }

  /**
   * Marks those who are overdue by now, and tells of them.
   *
   * @return whether there are any
   */
  boolean find(Collection<Member> members, Forecast forecast, List<Effect> effects) {
    boolean any = false;
    long leastNs = forecast.leastOverdueNs();
    calmUntilNs = forecast.nowNs() + leastNs;
    for (Member member : members) {
      member.late = member.late || forecast.isOverdue(member, leastNs);
      any |= member.late;
      if (member.isBusy()) {
        calmUntilNs = Math.min(calmUntilNs, member.sinceNs + leastNs);
      }
      if (member.late && !member.noticed) {
        notice(member, forecast, effects);
      }
    }
    if (any) {
      lookAgain();
    }
    return any;
  }

  private static void notice(Member member, Forecast forecast, List<Effect> effects) {
    long ageNs = forecast.nowNs() - member.sinceNs;
    if (ageNs > forecast.lateNs(member)) {
      member.noticed = true;
      BitSet shards = (BitSet) member.open.clone();
      effects.add(new Effect.Late(member.worker, member.name, forecast.step(), shards, ageNs));
    }
  }

  /** What a late worker owed is there, from itself or from others. */
  static void settle(Member member, Forecast forecast, List<Effect> effects) {
    effects.add(
        new Effect.Settled(member.worker, member.name, forecast.step(), forecast.lostNs(member)));
    member.late = false;
    member.noticed = false;
  }
}
