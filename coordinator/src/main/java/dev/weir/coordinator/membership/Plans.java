package dev.weir.coordinator.membership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which plan is in force, and whether there shall be direct ones at all. */
final class Plans {
  /** So many direct plans in a row that came to nothing while nobody was lost are enough. */
  private static final int MAX_FAILURES = 3;

  private boolean wanted;
  private Plan latest = Plan.HUB;
  private Plan current = Plan.HUB;
  private int failures;

  /** When something last moved at the owners. */
  private long progressNs;

  Plans(boolean wanted) {
    this.wanted = wanted;
  }

  Plan current() {
    return current;
  }

  /** Whether workers shall add at the next occasion. */
  boolean areDirect() {
    return wanted;
  }

  /**
   * Begins an attempt.
   *
   * @param team among whom the shards are divided
   * @param probed who makes one of their shards again
   * @return whether its plan is to be announced first
   */
  boolean begin(List<Member> team, List<Member> probed, long nowNs) {
    progressNs = nowNs;
    List<Member> owners = new ArrayList<>(team);
    owners.addAll(probed);
    // One that made all shards alone would have nobody beside it to show that its state is wrong.
    boolean possible = team.size() > 1 && owners.stream().allMatch(member -> member.reachable);
    if (!wanted || !possible) {
      current = Plan.HUB;
      return false;
    }
    List<Integer> workers = owners.stream().map(member -> member.worker).sorted().toList();
    boolean isNew = !workers.equals(latest.owners());
    if (isNew) {
      latest = new Plan(latest.number() + 1, workers);
    }
    current = latest;
    return isNew;
  }

  /** Something has moved at the owners. */
  void progress(long nowNs) {
    progressNs = nowNs;
  }

  /** Whether nothing has moved at the owners for longer than that. */
  boolean isStill(long nowNs, Duration patience) {
    return current.isDirect() && nowNs - progressNs > patience.toNanos();
  }

  /** The rest of the attempt goes through the hub; what comes next has a plan of another number. */
  void giveUp() {
    current = Plan.HUB;
    latest = new Plan(latest.number(), List.of());
  }

  /** A direct plan came to nothing; true if that was once too often, and there will be no more. */
  boolean failed() {
    failures++;
    wanted = wanted && failures < MAX_FAILURES;
    return !wanted;
  }

  /** A step was made by a direct plan. */
  void succeeded() {
    failures = 0;
  }
}
