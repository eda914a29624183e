package dev.weir.coordinator.progress;

/**
 * What is kept of a step, or of a round of local steps; a line of {@code metrics.jsonl}.
 *
 * @param step the step, or the first of the round, from 0
 * @param steps how many steps have passed with it; 1 without local steps
 * @param loss mean loss over the samples of these steps, each before its update; NaN if it was
 *     skipped
 * @param skipped whether it passed without an update
 * @param attempts how often it was attempted
 * @param workers how many workers were ready at its end
 * @param seconds from the end of the step before
 * @param times averaged over the workers; all-reduce, waiting and update are of the step before
 * @param sentBytes bytes that the coordinator sent in all steps before this one, on all sockets,
 *     and before the first step
 * @param receivedBytes bytes that the coordinator received up to the end of this step
 */
public record StepRecord(
    long step,
    int steps,
    double loss,
    boolean skipped,
    int attempts,
    int workers,
    double seconds,
    StepTimes times,
    long sentBytes,
    long receivedBytes) {

  /** What to call it, such as {@code step 7}, or {@code steps 10–19} for a round. */
  public String name() {
    return steps == 1 ? "step " + step : "steps " + step + "–" + (end() - 1);
  }

  /** Number of steps that have passed since the run began. */
  public long end() {
    return step + steps;
  }
}
