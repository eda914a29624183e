package dev.weir.coordinator;

import dev.weir.coordinator.rpc.Briefing;
import dev.weir.coordinator.rpc.Claim;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.coordinator.rpc.Readiness;
import dev.weir.coordinator.rpc.SessionListener;
import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.wire.ValueChunk;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where workers wait that dial in before there is a mask, and load meanwhile what they will need.
 * Used on the event loop only.
 */
final class Lobby implements SessionListener {
  private final String job;

  /** Each with the digest of the mask that it has. */
  private final Map<WorkerConnection, String> waiting = new LinkedHashMap<>();

  private @Nullable SessionListener next;

  /**
   * @param job the resolved job, in YAML
   */
  Lobby(String job) {
    this.job = job;
  }

  /** Lets everybody who waits, and who comes from now on, go to {@code listener}. */
  void open(SessionListener listener) {
    next = listener;
    waiting.forEach(listener::joined);
    waiting.clear();
  }

  @Override
  public void joined(WorkerConnection worker, String maskDigest) {
    if (next == null) {
      waiting.put(worker, maskDigest);
      worker.prepare(job);
    } else {
      next.joined(worker, maskDigest);
    }
  }

  @Override
  public void ready(WorkerConnection worker, Readiness readiness) {
    admitted().ready(worker, readiness);
  }

  @Override
  public void begun(WorkerConnection worker, Claim claim) {
    admitted().begun(worker, claim);
  }

  @Override
  public void contributed(WorkerConnection worker, Contribution contribution) {
    admitted().contributed(worker, contribution);
  }

  @Override
  public void chunk(WorkerConnection worker, ValueChunk chunk) {
    admitted().chunk(worker, chunk);
  }

  @Override
  public void unreachable(WorkerConnection worker, long step, long plan, String reason) {
    admitted().unreachable(worker, step, plan, reason);
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
  public @Nullable Briefing describe() {
    return next == null ? null : next.describe();
  }

  @Override
  public void closed(WorkerConnection worker, String reason) {
    waiting.remove(worker);
    if (next != null) {
      next.closed(worker, reason);
    }
  }
}
