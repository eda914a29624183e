package dev.weir.coordinator.membership;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The shards of a step's last attempt whose gradients still do not fit. */
final class Misfits {
  private final BitSet shards = new BitSet();
  private @Nullable Fault fault;
  private String where = "";

  /** A new attempt begins. */
  void clear() {
    shards.clear();
    fault = null;
  }

  /**
   * Notes a contribution.
   *
   * @param where whose, for messages
   */
  void add(Fault newFault, BitSet contributed, String where) {
    shards.or(contributed);
    this.fault = newFault;
    this.where = where;
  }

  /** Those that were found out; not to be modified. */
  BitSet shards() {
    return shards;
  }

  /**
   * Why the job cannot go on, once every shard was looked at: if one of them is not finite the step
   * is skipped, whichever comes first. Null until then.
   *
   * @param fine shards that were looked at and fit
   * @param all how many a step has
   * @param attempts how many there were
   */
  @Nullable String verdict(BitSet fine, int all, long step, int attempts) {
    Fault latest = fault;
    BitSet judged = (BitSet) fine.clone();
    judged.or(shards);
    return latest == null || judged.cardinality() < all
        ? null
        : String.format(
            "step %d was attempted %d times and %s of shard %d still does not fit at %s",
            step, attempts, latest.words(), latest.shard(), where);
  }
}
