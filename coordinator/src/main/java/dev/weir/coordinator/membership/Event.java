package dev.weir.coordinator.membership;

import java.util.BitSet;
import java.util.List;

/** What happens to the membership. Workers are named by the number they were given. */
public sealed interface Event {

  /** A worker was let in; it is loading. */
  record Joined(int worker, String name) implements Event {}

  /** A worker has the model, the data and the mask. */
  record Ready(int worker) implements Event {}

  /** A worker's stream ended. */
  record Lost(int worker, String reason) implements Event {}

  /** Anything came from a worker. */
  record Heard(int worker) implements Event {}

  /** A worker finished computing; its values follow if there are no faults. */
  record Contributed(int worker, long step, int attempt, BitSet shards, List<Fault> faults)
      implements Event {}

  /**
   * The values of a contribution are all here.
   *
   * @param shards the shards of the contribution
   * @param delivered the shards of the step that are now completely reduced
   */
  record Delivered(int worker, long step, int attempt, BitSet shards, BitSet delivered)
      implements Event {}

  /** A worker's state is not the coordinator's. */
  record Diverged(int worker) implements Event {}

  /** Time passed. */
  record Tick() implements Event {}
}
