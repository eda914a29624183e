package dev.weir.coordinator.progress;

/**
 * What is kept of a step; a line of {@code metrics.jsonl}.
 *
 * @param step the step, from 0
 * @param loss mean loss over the step's samples, before the update; NaN if it was skipped
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
    double loss,
    boolean skipped,
    int attempts,
    int workers,
    double seconds,
    StepTimes times,
    long sentBytes,
    long receivedBytes) {}
