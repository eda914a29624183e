package dev.weir.coordinator.rpc;

import dev.weir.wire.ValueChunk;
import org.jspecify.annotations.Nullable;

/** What workers do. All calls come on the event loop; what they throw refuses that worker. */
public interface SessionListener {

  /**
   * A worker asks to be let in.
   *
   * @param maskDigest of the mask that it has already; empty if it has none
   */
  void joined(WorkerConnection worker, String maskDigest);

  /** A worker has loaded what it needs. */
  void ready(WorkerConnection worker, Readiness readiness);

  /** A worker is still computing; some of its chunks follow. */
  void begun(WorkerConnection worker, Claim claim);

  /** A worker has computed; its other chunks follow unless it reports faults. */
  void contributed(WorkerConnection worker, Contribution contribution);

  /** Values of the worker's latest contribution, or sums of its slice; valid during the call. */
  void chunk(WorkerConnection worker, ValueChunk chunk);

  /**
   * A worker does not reach another by a plan.
   *
   * @param step that it was assigned last, or an earlier one whose sums it waits for
   * @param reason in its words, fit for a line of a log
   */
  void unreachable(WorkerConnection worker, long step, long plan, String reason);

  /** A worker says that it lives. */
  void alive(WorkerConnection worker);

  /** What those are told who only ask; null before it is known. */
  @Nullable Briefing describe();

  /** A worker's stream ended, for whatever reason. Called once for each that joined. */
  void closed(WorkerConnection worker, String reason);
}
