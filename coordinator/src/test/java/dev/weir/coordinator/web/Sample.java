package dev.weir.coordinator.web;

import dev.weir.coordinator.progress.FaultKind;
import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.evaluation.ConfusionMatrix;
import dev.weir.evaluation.Evaluation;
import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import java.util.BitSet;
import java.util.stream.IntStream;

/** A small run with everything in it: two workers, of which one is slow and later lost. */
public final class Sample {
  public static final long STEPS = 20;

  private Sample() {}

  public static RunFacts facts() {
    ParameterLayout layout =
        ParameterLayout.builder()
            .add("embeddings.word.weight", 50, 8)
            .add("encoder.layer.0.query.weight", 8, 8)
            .add("encoder.layer.0.query.bias", 8)
            .addFresh("classifier.weight", 2, 8)
            .build();
    int[] coordinates =
        IntStream.concat(IntStream.of(3, 5, 401, 407, 440), IntStream.range(472, 488)).toArray();
    return new RunFacts(
        JobFile.parse("name: <small>\ntraining:\n  steps: 20\n".replace("<small>", "small"), "job"),
        "12 sentences & 3 <others>",
        Mask.of(layout, coordinates),
        1.5,
        0,
        RunHistory.NONE);
  }

  public static StepTimes times(double factor) {
    return new StepTimes(8e6, 1e6, 2e6, 3e6, 5e5).times(factor);
  }

  public static BitSet shards(int... shards) {
    BitSet set = new BitSet();
    IntStream.of(shards).forEach(set::set);
    return set;
  }

  public static Evaluation evaluation(int right, int wrong) {
    ConfusionMatrix.Builder confusion = new ConfusionMatrix.Builder(2);
    IntStream.range(0, right).forEach(i -> confusion.add(i % 2, i % 2));
    IntStream.range(0, wrong).forEach(i -> confusion.add(i % 2, 1 - i % 2));
    return new Evaluation(confusion.build(), 0.5);
  }

  /** Tells {@code run} all of it but the end. */
  public static void tell(RunListener run) {
    run.begin(facts());
    run.evaluated(Scored.of(0, evaluation(6, 4)));
    run.joined(1, "<b>fast</b>");
    run.joined(2, "slow");
    run.ready(1);
    run.ready(2);
    for (long step = 0; step < STEPS; step++) {
      run.assigned(1, step, shards(0, 1, 2));
      run.assigned(2, step, shards(3));
      run.computed(1, step, shards(0, 1, 2), times(1));
      run.computed(2, step, shards(3), times(4));
      run.step(record(step, 2));
    }
    run.gone(2, "it hung up");
    run.fault(FaultKind.LOST, "slow (worker 2) is gone: it hung up");
    run.notice("waiting for <workers>");
  }

  public static StepRecord record(long step, int workers) {
    return new StepRecord(
        step,
        1,
        1.0 / (step + 1),
        false,
        1,
        workers,
        0.25,
        times(1),
        1_000 * (step + 1),
        900 * (step + 1));
  }
}
