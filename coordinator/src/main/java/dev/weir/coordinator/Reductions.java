package dev.weir.coordinator;

import dev.weir.reduction.StepReduction;
import dev.weir.wire.ValueChunk;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sums of the step that is worked on, and those of the next whose first came before the last of
 * this. On the event loop only.
 */
final class Reductions {
  private final Supplier<StepReduction> maker;
  private StepReduction current;
  private @Nullable StepReduction ahead;

  /**
   * @param maker makes one of the vector; two are needed at most
   */
  Reductions(Supplier<StepReduction> maker) {
    this.maker = maker;
    this.current = maker.get();
  }

  /** Of the attempt that was begun last. */
  StepReduction current() {
    return current;
  }

  /** Takes sums of the first attempt of the next step. */
  void takeAhead(ValueChunk sums) {
    StepReduction next = ahead == null ? maker.get() : ahead;
    ahead = next;
    if (next.step() != sums.step()) {
      next.begin(sums.step(), sums.attempt());
    }
    next.take(sums);
  }

  /** Forgets what came ahead: the step before ended otherwise than by the sums it was made from. */
  void forgetAhead() {
    ahead = null;
  }

  /** Begins an attempt, with what has come of it ahead; the sums of the one before stay theirs. */
  void begin(long step, int attempt) {
    if (attempt > 0) {
      forgetAhead();
    }
    StepReduction next = ahead;
    if (next != null && next.step() == step && next.attempt() == attempt) {
      ahead = current;
      current = next;
    } else {
      current.begin(step, attempt);
    }
  }
}
