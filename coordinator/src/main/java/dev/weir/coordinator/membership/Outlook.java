package dev.weir.coordinator.membership;

import java.util.BitSet;
import java.util.List;

/**
 * What workers were told that they are to contribute to the next step: the same as to the current
 * one. Where they add, they have the sums when the coordinator has them, and so need not wait for
 * its word.
 *
 * @param step the next
 * @param plan by which
 * @param shares of all that its owners make
 */
record Outlook(long step, Plan plan, List<Share> shares) {
  /** What one contributes. */
  record Share(Member member, BitSet shards) {}

  /**
   * It does not come to that: they may make it all the same, and what they say then means little.
   */
  void cancel(long nowNs) {
    shares.forEach(share -> share.member().busy(nowNs, step, 0, share.shards()));
  }
}
