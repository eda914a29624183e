package dev.weir.coordinator.journal;

/**
 * What the journal says of a step that was committed or skipped.
 *
 * @param step the step, from 0
 * @param steps how many steps it is: 1, or those of a round of local steps
 * @param skipped whether it passed without an update
 * @param attempt which attempt was committed, from 0; no matter if it was skipped
 * @param loss mean loss over the step's samples, before the update; NaN if it was skipped
 */
public record LoggedStep(long step, int steps, boolean skipped, int attempt, double loss) {}
