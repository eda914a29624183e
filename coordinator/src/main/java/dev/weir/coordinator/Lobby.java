package dev.weir.coordinator;

import dev.weir.coordinator.rpc.SessionListener;
import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.proto.Contribution;
import dev.weir.proto.Echo;
import dev.weir.proto.Join;
import dev.weir.proto.Ready;
import dev.weir.wire.ValueChunk;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where workers wait that dial in before there is a mask. Used on the event loop only. */
final class Lobby implements SessionListener {
  private final Map<WorkerConnection, Join> waiting = new LinkedHashMap<>();
  private @Nullable SessionListener next;

  /** Lets everybody who waits, and who comes from now on, go to {@code listener}. */
  void open(SessionListener listener) {
    next = listener;
    waiting.forEach(listener::joined);
    waiting.clear();
  }

  @Override
  public void joined(WorkerConnection worker, Join join) {
    if (next == null) {
      waiting.put(worker, join);
    } else {
      next.joined(worker, join);
    }
  }

  @Override
  public void ready(WorkerConnection worker, Ready ready) {
    admitted().ready(worker, ready);
  }

  @Override
  public void contributed(WorkerConnection worker, Contribution contribution) {
    admitted().contributed(worker, contribution);
  }

  @Override
  public void chunk(WorkerConnection worker, ValueChunk chunk) {
    admitted().chunk(worker, chunk);
  }

  private SessionListener admitted() {
    if (next == null) {
      throw new IllegalArgumentException("a message before Welcome");
    }
    return next;
  }

  @Override
  public void alive(WorkerConnection worker) {
    if (next != null) {
      next.alive(worker);
    }
  }

  @Override
  public Echo.Builder describe() {
    return next == null ? Echo.newBuilder() : next.describe();
  }

  @Override
  public void closed(WorkerConnection worker, String reason) {
    waiting.remove(worker);
    if (next != null) {
      next.closed(worker, reason);
    }
  }
}
