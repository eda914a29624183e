package dev.weir.coordinator.journal;

/**
 * What the journal says of a step that was committed or skipped.
 *
 * @param step the step, from 0
 * @param skipped whether it passed without an update
 * @param attempt which attempt was committed, from 0; no matter if it was skipped
 * @param loss mean loss over the step's samples, before the update; NaN if it was skipped
 */
public record LoggedStep(long step, boolean skipped, int attempt, double loss) {}
