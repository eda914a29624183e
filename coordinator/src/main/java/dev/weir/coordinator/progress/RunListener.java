package dev.weir.coordinator.progress;

import java.util.BitSet;

/**
 * Is told how a run proceeds. Steps and workers are told of on the event loop, the rest by the
 * thread that prepares the run: a listener must not block, and must guard what it shares.
 *
 * <p>Every method does nothing unless it is overridden. A {@link BitSet} belongs to the caller and
 * changes after the call.
 */
public interface RunListener {

  /** The mask is chosen; follows once, before any step. */
  default void begin(RunFacts facts) {}

  /** The model was evaluated; during training, on a thread of its own. */
  default void evaluated(Scored scored) {}

  /** A worker was let in and is loading. */
  default void joined(int worker, String name) {}

  /** A worker is ready for shards. */
  default void ready(int worker) {}

  /** A worker is to compute shards of a step, besides those that it has. */
  default void assigned(int worker, long step, BitSet shards) {}

  /**
   * A worker finished computing shards.
   *
   * @param times as in {@link StepRecord#times}, of this worker alone
   */
  default void computed(int worker, long step, BitSet shards, StepTimes times) {}

  /** A worker was late with shards of a step, and the step ended so much later than usual. */
  default void late(String worker, long step, double seconds) {}

  /** A worker takes no part any more. */
  default void gone(int worker, String reason) {}

  /**
   * Who adds from now on, where the job leaves that open.
   *
   * @param direct whether the workers do
   * @param reason in words, which begin with who adds
   */
  default void chose(boolean direct, String reason) {}

  /** Something went wrong that the run is going to get over. */
  default void fault(FaultKind kind, String message) {}

  /** A step ended. */
  default void step(StepRecord step) {}

  /** Something that a person should know. */
  default void notice(String message) {}

  /** The run ended, well or not. */
  default void end(String reason) {}
}
