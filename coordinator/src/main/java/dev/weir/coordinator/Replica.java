package dev.weir.coordinator;

/**
 * The coordinator's own copy of what training changes. It takes the same steps as every worker's.
 * Used on the event loop only.
 */
interface Replica {
  /** The step to come. */
  long step();

  /** Number of steps that pass with the next update, as {@code TrainingState.roundLength}. */
  int roundLength();

  /** Steps skipped since the last update. */
  int consecutiveSkips();

  /** Of the state of the step to come, as {@code TrainingState.fingerprint}. */
  long fingerprint();

  /**
   * Keeps the sums of a step that is about to commit, so that it survives this process.
   *
   * @param loss mean loss over the step's samples
   * @param sums length k, not modified
   * @throws dev.weir.coordinator.journal.WriteFailure if they cannot be kept
   */
  void keep(int attempt, double loss, int[] sums);

  /** Keeps that the step is about to be skipped; throws as {@link #keep}. */
  void keepSkip();

  /** Lets the step pass with an update by sums that were kept. */
  void commit(int attempt, int[] sums);

  /** Lets the step pass without an update. */
  void skip();

  /** The state, as it travels to a worker. */
  byte[] encode();

  /** Tidies up what was kept, when there is time; throws as {@link #keep}. */
  void tidy();
}
