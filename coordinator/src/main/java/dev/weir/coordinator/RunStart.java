package dev.weir.coordinator;

import dev.weir.coordinator.journal.Journal;
import dev.weir.job.Job;
import dev.weir.mask.Mask;
import dev.weir.task.UpdateRules;

/**
 * What a run stands on: made when it begins, read back when it goes on. Read back, it needs neither
 * the model nor the data, so that workers wait as short as possible for a coordinator that returns.
 *
 * @param foundation the base model and the data
 * @param choice the mask
 * @param journal the training state; the caller closes it
 */
record RunStart(Foundation foundation, MaskChoice choice, Journal journal) {
  static RunStart begin(RunDirectory directory, LoadedTask task) {
    Foundation foundation = Foundation.of(task.get());
    MaskChoice choice = MaskChoice.of(task.get());
    choice.write(directory.mask());
    foundation.write(directory.foundation());
    Journal journal = Journal.create(directory.journal(), task.get().newState(choice.mask()));
    directory.begunWith(task.job());
    return new RunStart(foundation, choice, journal);
  }

  static RunStart goOn(RunDirectory directory, LoadedTask task) {
    Foundation kept = Foundation.read(directory.foundation());
    Foundation foundation = kept == null ? Foundation.of(task.get()) : kept;
    MaskChoice choice = MaskChoice.read(foundation.layout(), directory.mask());
    return new RunStart(
        foundation,
        choice,
        Journal.resume(directory.journal(), UpdateRules.of(task.job(), choice.mask())));
  }

  Mask mask() {
    return choice.mask();
  }

  /** What workers are told of it. */
  Prepared prepared(Job job) {
    return Prepared.of(job, foundation, mask());
  }
}
