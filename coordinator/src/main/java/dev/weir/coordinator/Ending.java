package dev.weir.coordinator;

/** How a run ended. */
record Ending(Kind kind, String reason) {
  /** The three ways. */
  enum Kind {
    /** All steps are done. */
    FINISHED,
    /** Somebody stopped it; it can be resumed. */
    STOPPED,
    /** It cannot go on. */
    FAILED
  }
}
