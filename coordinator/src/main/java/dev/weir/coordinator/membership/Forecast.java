package dev.weir.coordinator.membership;

import dev.weir.job.FailureLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When who would be done with what, at one moment of one attempt.
 *
 * <p>A member is expected to go on as before. One that nobody has seen working yet is expected to
 * take twice the usual time, and one that is overdue to take as long again as it has taken already.
 */
record Forecast(long nowNs, long step, int attempt, ShardTime time, FailureLimits limits) {
  private static final int NEWCOMER_FACTOR = 2;

  /** Nanoseconds until {@code member} is done with all that it has, and with more shards. */
  long finishNs(Member member, int moreShards) {
    return remainingNs(member) + moreShards * usualNs(member);
  }

  private long usualNs(Member member) {
    return member.usualNs > 0 ? member.usualNs : Math.max(1, NEWCOMER_FACTOR * time.usualNs());
  }

  /** Whether it is expected to take at least half as long again as is usual. */
  boolean isSlow(Member member) {
    return time.usualNs() > 0 && 2 * usualNs(member) > 3 * time.usualNs();
  }

  private long remainingNs(Member member) {
    if (member.isIdle()) {
      return 0;
    }
    long elapsedNs = nowNs - member.sinceNs;
    int queued = member.queuedShards(step, attempt);
    if (elapsedNs > overdueNs(queued)) {
      return elapsedNs;
    }
    return Math.max(0, queued * usualNs(member) - elapsedNs);
  }

  /**
   * Whether what is open at {@code member} takes longer than it should.
   *
   * @param leastNs {@link #leastOverdueNs}, for many members made once
   */
  boolean isOverdue(Member member, long leastNs) {
    long elapsedNs = nowNs - member.sinceNs;
    return !member.open.isEmpty()
        && (elapsedNs > leastNs || member.isIdle())
        && elapsedNs > overdueNs(member.queuedShards(step, attempt));
  }

  /** What is overdue for one shard, and so the least for whoever has any to make. */
  long leastOverdueNs() {
    return overdueNs(1);
  }

  private long overdueNs(int shards) {
    return limits.overdue(time.usualNs(), time.deviationNs(), shards).toNanos();
  }

  /** What is told of: {@code member} was expected to be done for longer than that. */
  long lateNs(Member member) {
    return limits.late(time.usualNs(), member.open.cardinality()).toNanos();
  }

  /** By how much {@code member} has taken longer than usual. */
  long lostNs(Member member) {
    long expectedNs = time.usualNs() * Math.max(1, member.queuedShards(step, attempt));
    return Math.max(0, nowNs - member.sinceNs - expectedNs);
  }

  /** Those who would be done first with one more shard, first. */
  List<Member> byFinish(List<Member> members) {
    List<Member> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparingLong(member -> finishNs(member, 1)));
    return sorted;
  }

  /**
   * The members among whom {@code shards} are best divided evenly: as many as possible, but none so
   * slow that without it the step would end at least a quarter earlier.
   */
  List<Member> team(List<Member> members, int shards) {
    List<Member> sorted = byFinish(members);
    long[] remainingNs = sorted.stream().mapToLong(this::remainingNs).toArray();
    long[] shardNs = sorted.stream().mapToLong(this::usualNs).toArray();
    long[] endNs = new long[sorted.size() + 1];
    long bestNs = Long.MAX_VALUE;
    for (int size = 1; size <= sorted.size(); size++) {
      int each = (shards + size - 1) / size;
      for (int i = 0; i < Math.min(size, shards); i++) {
        endNs[size] = Math.max(endNs[size], remainingNs[i] + each * shardNs[i]);
      }
      bestNs = Math.min(bestNs, endNs[size]);
    }
    int size = sorted.size();
    while (size > 1 && endNs[size] > bestNs + bestNs / 4) {
      size--;
    }
    return sorted.subList(0, Math.min(size, shards));
  }
}
