package dev.weir.coordinator;

import dev.weir.coordinator.membership.Plan;
import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.wire.SharedChunk;
import dev.weir.wire.ValueChunk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The workers that were let in, and what is sent to many of them. On the event loop only. */
final class Peers {
  private final Map<Integer, Peer> peers = new LinkedHashMap<>();

  void add(WorkerConnection worker) {
    peers.put(worker.worker(), new Peer(worker));
  }

  @Nullable Peer get(int worker) {
    return peers.get(worker);
  }

  /** Forgets a worker; null if it is not known. */
  @Nullable Peer remove(int worker) {
    return peers.remove(worker);
  }

  /** Does something to all connections. */
  void each(Consumer<WorkerConnection> action) {
    peers.values().forEach(peer -> action.accept(peer.connection()));
  }

  /** Takes what workers have sent of a step that had yet to begin. */
  List<Runnable> takeEarly() {
    return peers.values().stream().flatMap(peer -> peer.ahead().takeWords().stream()).toList();
  }

  /** Does something to the connections of those that have the state. */
  void eachSeeded(Consumer<WorkerConnection> action) {
    peers.values().stream().filter(Peer::isSeeded).map(Peer::connection).forEach(action);
  }

  /** Sends sums to all that have the state, except to some, who have them from elsewhere. */
  void publish(ValueChunk sums, List<Integer> except) {
    Set<Integer> others = Set.copyOf(except);
    try (SharedChunk shared = new SharedChunk(sums)) {
      eachSeeded(
          connection -> {
            if (!others.contains(connection.worker())) {
              connection.chunk(shared);
            }
          });
    }
  }

  /** Tells the owners of a plan; nobody, if one of them is gone already. */
  void announce(Plan plan) {
    if (!peers.keySet().containsAll(plan.owners())) {
      return;
    }
    for (int worker : plan.owners()) {
      Peer peer = owner(worker);
      peer.own();
      peer.connection().plan(plan, owner -> owner(owner).address());
    }
  }

  private Peer owner(int worker) {
    Peer peer = peers.get(worker);
    if (peer == null) {
      throw new IllegalStateException("worker " + worker + " is no peer");
    }
    return peer;
  }
}
