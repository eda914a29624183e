package dev.weir.coordinator.membership;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Shards that are assigned at once.
 *
 * @param seat whose, of those who share a step, from 0
 * @param shards at least one
 */
record Hand(int seat, BitSet shards) {

  /**
   * Deals all shards of a step. They are ordered by falling cost, so going forth and back over the
   * seats gives each about the same work.
   *
   * @param seats how many share them, at most as many as there are shards
   * @param lastAlone whether the last shard comes in a hand of its own, as it must if it is made
   *     twice
   */
  static List<Hand> deal(int shards, int seats, boolean lastAlone) {
    List<Hand> hands = new ArrayList<>();
    for (int seat = 0; seat < seats; seat++) {
      hands.add(new Hand(seat, new BitSet()));
    }
    for (int shard = 0; shard < shards; shard++) {
      int round = shard / seats;
      int place = shard % seats;
      Hand hand = hands.get(round % 2 == 0 ? place : seats - 1 - place);
      if (lastAlone && shard == shards - 1 && !hand.shards.isEmpty()) {
        hands.add(0, new Hand(hand.seat, one(shard)));
      } else {
        hand.shards.set(shard);
      }
    }
    return hands;
  }

  /** A set of one shard. */
  static BitSet one(int shard) {
    BitSet one = new BitSet();
    one.set(shard);
    return one;
  }
}
