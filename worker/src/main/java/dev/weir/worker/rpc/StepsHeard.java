package dev.weir.worker.rpc;

/**
 * Which steps this worker was assigned, and which it has heard the end of. Where workers add, the
 * sums of a step may still be on their way when the coordinator has begun the next. Thread-safe.
 */
final class StepsHeard {
  private static final long NONE = -1;

  private long assigned = NONE;

  /** Told before it begins: that it has begun, the next assignment says. */
  private long foretold = NONE;

  private long ended = NONE;
  private long skipped = NONE;

  /** Over for the coordinator while its sums were missing here. */
  private long behind = NONE;

  private long behindSinceNs;

  /** Forgets all, as a state is given: it may be that of a step whose end had come in. */
  synchronized void forget() {
    assigned = NONE;
    foretold = NONE;
    ended = NONE;
    skipped = NONE;
    behind = NONE;
  }

  /**
   * A step is assigned.
   *
   * @param ahead whether it is the one after the one that the coordinator works on
   */
  synchronized void assigned(long step, boolean ahead, long nowNs) {
    if (foretold < step) {
      begun(foretold, nowNs);
    }
    if (ahead) {
      foretold = step;
    } else {
      begun(step, nowNs);
    }
  }

  private void begun(long step, long nowNs) {
    if (step > assigned && ended < assigned) {
      behind = assigned;
      behindSinceNs = nowNs;
    }
    assigned = Math.max(assigned, step);
  }

  /** All sums of a step are here. */
  synchronized void summed(long step) {
    ended = Math.max(step, skipped);
  }

  /** A step passes without an update. It may overtake the sums of an earlier one. */
  synchronized void skipped(long step) {
    skipped = step;
    if (behind <= ended) {
      ended = step;
    }
  }

  /** Whether {@code step} was assigned. */
  synchronized boolean hasAssigned(long step) {
    return step <= Math.max(assigned, foretold);
  }

  /** Whether the end of {@code step} has come in, though it is not its turn yet. */
  synchronized boolean isEnded(long step) {
    return step <= ended;
  }

  /** The step that was assigned last, or an earlier one whose sums are yet to come. */
  synchronized long inWork() {
    if (behind > ended) {
      return behind;
    }
    return assigned > ended ? assigned : Math.max(assigned, foretold);
  }

  /** Whether sums of a step that is over for the coordinator are missing for longer than that. */
  synchronized boolean isBehind(long nowNs, long patienceNs) {
    return behind > ended && nowNs - behindSinceNs > patienceNs;
  }
}
