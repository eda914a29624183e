package dev.weir.coordinator.membership;

import java.util.BitSet;
import java.util.List;

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
  private boolean spoiled;

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

  /** A member is lost, or is given the state and knows no more of what it was told. */
  void spoil(Member member) {
    spoiled |= shares.stream().anyMatch(share -> share.member() == member);
  }

  boolean isSpoiled() {
    return spoiled;
  }

  /**
   * It does not come to that: they may make it all the same, and what they say then means little.
   */
  void cancel(long nowNs) {
    shares.forEach(share -> share.member().busy(nowNs, step, 0, share.shards()));
  }
}
