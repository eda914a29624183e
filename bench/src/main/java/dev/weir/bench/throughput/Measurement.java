package dev.weir.bench.throughput;

import dev.weir.bench.machine.Hosts;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What came out for one contestant.
 *
 * @param firstLoss of step 0: the same for everybody who computes the same
 * @param stepsPerSecond over the measured steps
 * @param bytesPerStep sent by a worker, the mean of all workers, headers included
 * @param waitingShare of the time, what is neither forward, backward nor update
 * @param steps how many steps were measured
 */
record Measurement(
    double firstLoss, double stepsPerSecond, double bytesPerStep, double waitingShare, long steps) {
  private static final long POLL_MS = 20;

  /** Nobody trains together on less; whoever does, works alone or past the links. */
  private static final long MIN_BYTES = 10_000;

  /**
   * Measures training once it has gone on for a while.
   *
   * @param warmUpSteps steps before, at least
   * @param warmUpSeconds seconds before, at least, from the first step on
   * @param wanted steps to measure
   * @param seconds after which fewer are enough
   * @throws IOException if it ends before
   */
  static Measurement of(
      Trial trial, Hosts hosts, int warmUpSteps, int warmUpSeconds, int wanted, int seconds)
      throws IOException, InterruptedException {
    long patienceNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(300 + 10L * seconds);
    await(trial, 1, patienceNs);
    await(trial, Integer.MAX_VALUE, System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds));
    await(trial, warmUpSteps, patienceNs);
    long bytes = sent(hosts);
    int first = trial.steps().size();
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    await(trial, first + wanted, deadlineNs);
    await(trial, first + 2, patienceNs);
    long bytesAfter = sent(hosts);
    if (bytesAfter - bytes < MIN_BYTES) {
      throw new IOException("its workers exchanged nothing over the links");
    }
    List<Step> steps = trial.steps();
    List<Step> measured = steps.subList(first, steps.size());
    // A line may stand for several steps: local steps are reported once a round.
    long count = steps.get(steps.size() - 1).number() - steps.get(first - 1).number();
    double time = measured.stream().mapToDouble(Step::seconds).sum();
    double compute = measured.stream().mapToDouble(Step::computeSeconds).sum();
    return new Measurement(
        steps.get(0).loss(),
        count / time,
        (double) (bytesAfter - bytes) / count / (hosts.count() - 1),
        Math.max(0, 1 - compute / time),
        count);
  }

  private static long sent(Hosts hosts) {
    return IntStream.range(1, hosts.count()).mapToLong(hosts::sentBytes).sum();
  }

  private static void await(Trial trial, int steps, long deadlineNs)
      throws IOException, InterruptedException {
    while (trial.steps().size() < steps && System.nanoTime() < deadlineNs) {
      if (!trial.isAlive()) {
        throw new IOException("it ended after " + trial.steps().size() + " steps");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
