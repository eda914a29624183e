package dev.weir.coordinator.membership;

import java.util.BitSet;

/** What is known of one worker. */
final class Member {
  final int worker;
  final String name;

  /** Shards of the current attempt that it was assigned and has not delivered. */
  final BitSet open = new BitSet();

  boolean ready;
  long heardNs;

  /** Since when its oldest open shards are expected. */
  long expectedNs;

  /** Whether it was found late with what is open. */
  boolean late;

  /** Until when it is taken to be busy with work that others have done instead. */
  long behindUntilNs = Long.MIN_VALUE;

  Member(int worker, String name, long nowNs) {
    this.worker = worker;
    this.name = name;
    this.heardNs = nowNs;
  }

  int openShards() {
    return open.cardinality();
  }

  boolean isIdle(long nowNs) {
    return ready && open.isEmpty() && !isBehind(nowNs);
  }

  boolean isBehind(long nowNs) {
    return nowNs < behindUntilNs;
  }

  void assign(long nowNs, BitSet shards) {
    if (open.isEmpty()) {
      expectedNs = nowNs;
      late = false;
    }
    open.or(shards);
  }
}
