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

  Member(int worker, String name, long nowNs) {
    this.worker = worker;
    this.name = name;
    this.heardNs = nowNs;
  }

  int openShards() {
    return open.cardinality();
  }
}
