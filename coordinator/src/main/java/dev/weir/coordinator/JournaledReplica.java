package dev.weir.coordinator;

import dev.weir.coordinator.journal.Journal;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;

/** A training state and the journal that lets it survive the process. */
final class JournaledReplica implements Replica {
  private final Journal journal;
  private final TrainingState state;
  private long fingerprint;
  private long fingerprintStep = -1;

  JournaledReplica(Journal journal) {
    this.journal = journal;
    this.state = journal.state();
  }

  @Override
  public long step() {
    return state.step();
  }

  @Override
  public int roundLength() {
    return state.roundLength();
  }

  @Override
  public int consecutiveSkips() {
    return state.consecutiveSkips();
  }

  /** Every step, also a skipped one, changes the state: one hash for each is enough. */
  @Override
  public long fingerprint() {
    if (fingerprintStep != state.step()) {
      fingerprint = state.fingerprint();
      fingerprintStep = state.step();
    }
    return fingerprint;
  }

  @Override
  public void keep(int attempt, double loss, int[] sums) {
    journal.append(state.step(), attempt, loss, sums);
  }

  @Override
  public void keepSkip() {
    journal.appendSkip(state.step());
  }

  @Override
  public void commit(int attempt, int[] sums) {
    state.commit(attempt, sums);
  }

  @Override
  public void skip() {
    state.skip();
  }

  @Override
  public byte[] encode() {
    return TrainingStateCodec.encode(state);
  }

  @Override
  public void tidy() {
    journal.compactIfDue();
  }
}
