package dev.weir.coordinator.progress;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a run that is resumed did before.
 *
 * @param steps each step, in order; bytes are those of the whole run up to there
 * @param evaluations during training, in order
 */
public record RunHistory(List<StepRecord> steps, List<Scored> evaluations) {
  /** Of a run that begins. */
  public static final RunHistory NONE = new RunHistory(List.of(), List.of());

  /** The first step that it lacks. */
  public long nextStep() {
    return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).end();
  }

  /** With more steps behind it. */
  public RunHistory followedBy(List<StepRecord> more) {
    return new RunHistory(
        Stream.concat(steps.stream(), more.stream()).toList(), List.copyOf(evaluations));
  }

  /** How many workers were ready at its end. */
  public int workers() {
    return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).workers();
  }

  /** Bytes that the coordinator sent. */
  public long sentBytes() {
    return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).sentBytes();
  }

  /** Bytes that the coordinator received. */
  public long receivedBytes() {
    return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).receivedBytes();
  }

  /** Wall-clock seconds of all steps. */
  public double seconds() {
    return steps.stream().mapToDouble(StepRecord::seconds).sum();
  }

  /** Times of all steps, averaged over the workers. */
  public StepTimes times() {
    return steps.stream().map(StepRecord::times).reduce(StepTimes.ZERO, StepTimes::plus);
  }
}
