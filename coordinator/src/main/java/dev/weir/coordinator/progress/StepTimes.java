package dev.weir.coordinator.progress;

/**
 * Where a step's time went on one worker or, averaged, on all of them, in nanoseconds.
 *
 * @param computeNs forward and backward
 * @param gatherNs bringing the gradient to the host, quantizing and adding it
 * @param allReduceNs from the first value sent until the last sum received, without waiting
 * @param waitingNs waiting for the slowest worker to finish computing
 * @param updateNs optimizer and scatter
 */
public record StepTimes(
    double computeNs, double gatherNs, double allReduceNs, double waitingNs, double updateNs) {
  /** No time at all. */
  public static final StepTimes ZERO = new StepTimes(0, 0, 0, 0, 0);

  /** Componentwise sum. */
  public StepTimes plus(StepTimes other) {
    return new StepTimes(
        computeNs + other.computeNs,
        gatherNs + other.gatherNs,
        allReduceNs + other.allReduceNs,
        waitingNs + other.waitingNs,
        updateNs + other.updateNs);
  }

  /** Componentwise product. */
  public StepTimes times(double factor) {
    return new StepTimes(
        computeNs * factor,
        gatherNs * factor,
        allReduceNs * factor,
        waitingNs * factor,
        updateNs * factor);
  }
}
