package dev.weir.coordinator.progress;

import dev.weir.evaluation.Evaluation;

/**
 * How well the model did on held-out samples after so many steps.
 *
 * @param steps steps done
 * @param accuracy share that was classified correctly
 * @param matthews Matthews correlation
 * @param loss mean cross-entropy in nats
 * @param samples how many held-out samples it was evaluated on
 */
public record Scored(long steps, double accuracy, double matthews, double loss, long samples) {
  /** An evaluation after so many steps. */
  public static Scored of(long steps, Evaluation evaluation) {
    return new Scored(
        steps,
        evaluation.accuracy(),
        evaluation.matthews(),
        evaluation.loss(),
        evaluation.samples());
  }
}
