package dev.weir.coordinator.progress;

import dev.weir.job.Job;
import dev.weir.mask.Mask;

/**
 * What is known of a run before its first step.
 *
 * @param job the resolved job
 * @param data what it is trained on, in words
 * @param mask the trained coordinates
 * @param maskSeconds how long it took to choose them; 0 if they were read from a file
 * @param firstStep the step that is done first; more than 0 if the run is resumed
 * @param history what was done before
 */
public record RunFacts(
    Job job, String data, Mask mask, double maskSeconds, long firstStep, RunHistory history) {
  /** Bytes of a step's gradient without a mask, at one worker and in one direction: n floats. */
  public long denseBytes() {
    return 4L * mask.layout().size();
  }
}
