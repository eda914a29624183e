package dev.weir.coordinator.membership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who is missing since when, and whether the job waits for that. */
final class Absences {
  /** Bounded: a run whose workers all have names of their own must not grow without end. */
  private static final int MAX_REMEMBERED = 16;

  private static final long NEVER = Long.MIN_VALUE;

  private final Map<String, Long> heardNs = new LinkedHashMap<>();
  private long sinceNs = NEVER;
  private long toldNs = NEVER;

  void add(String name, long lastHeardNs) {
    heardNs.remove(name);
    heardNs.put(name, lastHeardNs);
    if (heardNs.size() > MAX_REMEMBERED) {
      heardNs.remove(heardNs.keySet().iterator().next());
    }
  }

  void isBack(String name) {
    heardNs.remove(name);
  }

  void waitIsOver() {
    sinceNs = NEVER;
    toldNs = NEVER;
  }

  /** Whether the job's waiting begins, has changed nothing for {@code reminder}, or is new. */
  boolean isTimeToTell(long nowNs, Duration reminder) {
    if (sinceNs == NEVER) {
      sinceNs = nowNs;
    }
    boolean told = toldNs != NEVER && nowNs - toldNs < reminder.toNanos();
    if (!told) {
      toldNs = nowNs;
    }
    return !told;
  }

  long waitedNs(long nowNs) {
    return sinceNs == NEVER ? 0 : nowNs - sinceNs;
  }

  /** In words: who is loading, and who was lost and when it was last heard. */
  List<String> awaited(long nowNs, Collection<Member> members) {
    List<String> awaited = new ArrayList<>();
    for (Member member : members) {
      if (!member.ready) {
        awaited.add(member.name + ", which is loading");
      }
    }
    heardNs.forEach(
        (name, atNs) ->
            awaited.add(
                String.format(
                    Locale.ROOT, "%s, last heard %.1f s ago", name, (nowNs - atNs) / 1e9)));
    return awaited;
  }
}
