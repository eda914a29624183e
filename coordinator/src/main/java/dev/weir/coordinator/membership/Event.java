package dev.weir.coordinator.membership;

import dev.weir.wire.Link;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to the membership. Workers are named by the number they were given. */
public sealed interface Event {

  /** A worker was let in; it is loading. */
  record Joined(int worker, String name) implements Event {}

  /**
   * A worker has the model, the data and the mask.
   *
   * @param reachable whether it serves other workers, so that it can own a slice
   * @param link its way to the coordinator; null if that is not known
   */
  record Ready(int worker, boolean reachable, @Nullable Link link) implements Event {
    /** One whose link is not known. */
    public Ready(int worker, boolean reachable) {
      this(worker, reachable, null);
    }
  }

  /** A worker's stream ended. */
  record Lost(int worker, String reason) implements Event {}

  /** Anything came from a worker. */
  record Heard(int worker) implements Event {}

  /**
   * A worker finished computing. If there are no faults the rest of its values follows, or goes to
   * the owners by the current plan.
   */
  record Contributed(
      int worker, long step, int attempt, long plan, BitSet shards, List<Fault> faults)
      implements Event {
    /** One whose values, if there are any, come to the coordinator. */
    public Contributed(int worker, long step, int attempt, BitSet shards, List<Fault> faults) {
      this(worker, step, attempt, 0, shards, faults);
    }
  }

  /**
   * The values of a contribution are all here.
   *
   * @param shards the shards of the contribution
   * @param delivered the shards of the step that are now completely reduced
   */
  record Delivered(int worker, long step, int attempt, BitSet shards, BitSet delivered)
      implements Event {}

  /** Some sums came from an owner of the current plan. */
  record Summed(long step, int attempt) implements Event {}

  /** All sums are here, and all shards have contributed. */
  record Reduced(long step, int attempt) implements Event {}

  /**
   * A worker does not reach an owner of a plan.
   *
   * @param step that it was assigned last, or an earlier one whose sums it waits for
   */
  record Unreachable(int worker, long step, long plan, String reason) implements Event {}

  /** A worker's state is not the coordinator's. */
  record Diverged(int worker) implements Event {}

  /** Time passed. */
  record Tick() implements Event {}
}
