package dev.weir.coordinator;

import dev.weir.coordinator.progress.StepTimes;
import dev.weir.coordinator.rpc.WorkerTimes;
import java.util.HashMap;
import java.util.Map;

/**
 * Splits each step's time. A worker's report of its all-reduce includes waiting for slower workers;
 * only the coordinator sees when each worker was done and when the last one was, and takes that
 * out.
 */
final class StepClock {
  private final Map<Integer, Long> deliveredNs = new HashMap<>();
  private final Map<Integer, Long> waitedNs = new HashMap<>();
  private StepTimes reported = StepTimes.ZERO;
  private int reports;
  private long lastContributionNs;
  private long stepEndNs = System.nanoTime();
  private boolean started;

  /** The first step begins now; until then there was only waiting for workers. */
  void start() {
    if (!started) {
      started = true;
      stepEndNs = System.nanoTime();
    }
  }

  /** A worker finished computing; returns what it says of its time. */
  StepTimes contributed(int worker, WorkerTimes own) {
    lastContributionNs = System.nanoTime();
    long waited = waitedNs.getOrDefault(worker, 0L);
    StepTimes times =
        new StepTimes(
            own.computeNs(),
            own.gatherNs(),
            Math.max(0, own.allReduceNs() - waited),
            waited,
            own.updateNs());
    reported = reported.plus(times);
    reports++;
    return times;
  }

  /** A worker's values are all here. */
  void delivered(int worker) {
    deliveredNs.put(worker, System.nanoTime());
  }

  /** Seconds since the step before ended; a new step begins. */
  double endStep() {
    long nowNs = System.nanoTime();
    waitedNs.clear();
    deliveredNs.forEach(
        (worker, doneNs) -> waitedNs.put(worker, Math.max(0, lastContributionNs - doneNs)));
    deliveredNs.clear();
    reported = StepTimes.ZERO;
    reports = 0;
    double seconds = (nowNs - stepEndNs) / 1e9;
    stepEndNs = nowNs;
    return seconds;
  }

  /** Mean over the workers that reported in this step. */
  StepTimes mean() {
    return reports == 0 ? StepTimes.ZERO : reported.times(1.0 / reports);
  }
}
