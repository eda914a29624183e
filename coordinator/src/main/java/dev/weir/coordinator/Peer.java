package dev.weir.coordinator;

import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.proto.Contribution;
import java.util.BitSet;

/** A worker's connection and the contribution that is arriving on it. */
final class Peer {
  private final WorkerConnection connection;
  private final BitSet shards = new BitSet();
  private boolean seeded;
  private boolean contributing;
  private int receivedValues;

  Peer(WorkerConnection connection) {
    this.connection = connection;
  }

  WorkerConnection connection() {
    return connection;
  }

  /** Whether it has a state, and so receives what is reduced. */
  boolean isSeeded() {
    return seeded;
  }

  void seeded() {
    seeded = true;
  }

  /**
   * Begins a contribution.
   *
   * @throws IllegalArgumentException if its shards are not some of the step's, each with its loss
   */
  void begin(Contribution contribution, int shardsPerStep) {
    shards.clear();
    for (int shard : contribution.getShardsList()) {
      if (shard < 0 || shard >= shardsPerStep || shards.get(shard)) {
        throw new IllegalArgumentException(
            "a contribution of shard " + shard + "; shards are 0 to " + (shardsPerStep - 1));
      }
      shards.set(shard);
    }
    if (shards.isEmpty() || contribution.getLossesCount() != contribution.getShardsCount()) {
      throw new IllegalArgumentException(
          String.format(
              "a contribution of %d shards with %d losses",
              contribution.getShardsCount(), contribution.getLossesCount()));
    }
    contributing = contribution.getFaultsCount() == 0;
    receivedValues = 0;
  }

  /** Ignores the chunks of the contribution that was begun. */
  void abandon() {
    contributing = false;
  }

  boolean isContributing() {
    return contributing;
  }

  /** The shards of the contribution. */
  BitSet shards() {
    return shards;
  }

  void received(int values) {
    receivedValues += values;
  }

  int receivedValues() {
    return receivedValues;
  }
}
