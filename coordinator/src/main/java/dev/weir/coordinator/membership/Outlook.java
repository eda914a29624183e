package dev.weir.coordinator.membership;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What workers were told that they are to contribute to the next step: the same as to the current
 * one. Where they add, they have the sums when the coordinator has them, and so need not wait for
 * its word.
 */
final class Outlook {
  /** What one contributes. */
  record Share(Member member, BitSet shards) {}

  private final long step;
  private final Plan plan;
  private final List<Share> shares;

  /** Who knows no more of it. */
  private final Set<Member> gone = new HashSet<>();

  /**
   * @param step the next
   * @param plan by which
   * @param shares of all that its owners make
   */
  Outlook(long step, Plan plan, List<Share> shares) {
    this.step = step;
    this.plan = plan;
    this.shares = shares;
  }

  Plan plan() {
    return plan;
  }

  List<Share> shares() {
    return shares;
  }

  /** A member is lost, or is given the state, and knows no more of what it was told. */
  void forget(Member member) {
    gone.add(member);
  }

  boolean isKnownToAll() {
    return gone.isEmpty();
  }

  /**
   * It does not come to that: the others may make it all the same, and what they say then means
   * little.
   */
  void cancel(long nowNs) {
    for (Share share : shares) {
      if (!gone.contains(share.member())) {
        share.member().goAstray(nowNs, step, share.shards());
      }
    }
  }
}
