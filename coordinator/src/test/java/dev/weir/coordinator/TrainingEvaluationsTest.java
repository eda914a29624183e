package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.data.Dataset;
import dev.weir.data.EncodedExamples;
import dev.weir.data.Encoder;
import dev.weir.data.Example;
import dev.weir.job.JobFile;
import dev.weir.model.ModelSource;
import dev.weir.model.PretrainedModels;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Evaluation beside training, of a model that is as slow as each test wants it to be. */
@Timeout(60)
class TrainingEvaluationsTest {
  private static final int UNLIMITED = 1_000_000;
  private static final int ALL = 0;
  private static final int FEWER = 2;
  private static final int HELD_OUT = 4;
  private static final int STEPS = 20;
  private static final int EVERY = 3;

  private final TrainingState state = TinyRun.initialState();
  private final List<Scored> curve = new CopyOnWriteArrayList<>();
  private final List<float[]> passed = new ArrayList<>(List.of(state.values().clone()));

  private TrainingEvaluations evaluations(GatedModel model, int samples, long... before) {
    String job =
        "training: {steps: %d, evaluateEvery: %d, evaluateSamples: %d}"
            .formatted(STEPS, EVERY, samples);
    List<Example> examples = List.of(new Example("a", 0, ""), new Example("b", 1, ""));
    EncodedExamples heldOut = EncodedExamples.of(new int[HELD_OUT][1], new int[] {0, 1, 1, 0});
    Task task =
        new Task(
            JobFile.parse(job, "job"),
            new Dataset(List.of("no", "yes"), examples, examples),
            encoder(),
            heldOut,
            heldOut,
            model);
    LongStream.of(before)
        .mapToObj(step -> new Scored(step, 0.5, 0, 1, samples))
        .forEach(curve::add);
    RunHistory history = new RunHistory(List.of(), List.copyOf(curve));
    return new TrainingEvaluations(task.job(), () -> task, state, history, curve::add);
  }

  private static Encoder encoder() {
    ModelSource bundled = ModelSource.of(ModelSource.BUNDLED);
    return new Encoder(PretrainedModels.tokenizerJson(bundled), 8);
  }

  /** Does steps until so many are done, and tells of each, as the event loop does. */
  private void train(TrainingEvaluations evaluations, long until) {
    while (state.step() < until) {
      pass();
      evaluations.step(
          new StepRecord(state.step() - 1, 1, 1, false, 1, 1, 1, StepTimes.ZERO, 0, 0));
    }
  }

  private void pass() {
    int[] sums = new int[TinyRun.VALUES];
    Arrays.setAll(sums, i -> (i + 1) << 16);
    state.commit(0, sums);
    passed.add(state.values().clone());
  }

  private void awaitEvaluation(long step) {
    Awaitility.await().until(() -> steps().contains(step));
  }

  private List<Long> steps() {
    return curve.stream().map(Scored::steps).toList();
  }

  @Test
  void theCurveHasItsBeginningItsIntervalsAndItsEnd() throws Exception {
    TrainingEvaluations evaluations = evaluations(new GatedModel(UNLIMITED), FEWER);
    evaluations.begin();
    for (long step : new long[] {0, 3, 6, 9, 12, 15, 18}) {
      train(evaluations, step);
      awaitEvaluation(step);
    }
    train(evaluations, STEPS);
    evaluations.end(true);

    assertThat(steps()).containsExactly(0L, 3L, 6L, 9L, 12L, 15L, 18L, 20L);
    assertThat(curve).allMatch(scored -> scored.samples() == FEWER && scored.accuracy() == 0.5);
  }

  @Test
  void onAllSamplesTheRunsOwnEvaluationsAreBeginningAndEnd() throws Exception {
    TrainingEvaluations evaluations = evaluations(new GatedModel(UNLIMITED), ALL);
    evaluations.begin();
    train(evaluations, 3);
    awaitEvaluation(3);
    train(evaluations, STEPS);
    evaluations.end(true);

    assertThat(steps()).startsWith(3L).doesNotContain(0L, 20L).doesNotHaveDuplicates();
    assertThat(curve).allMatch(scored -> scored.samples() == HELD_OUT);
  }

  @Test
  void theStateIsLeftAsItIsAndEvaluatedAsItWas() throws Exception {
    GatedModel model = new GatedModel(0);
    TrainingEvaluations evaluations = evaluations(model, FEWER);
    evaluations.begin();
    model.awaitBegun();
    train(evaluations, STEPS); // While the first evaluation goes on.
    model.permit(UNLIMITED);
    evaluations.end(true);
    TrainingState alone = TinyRun.initialState();
    int[] sums = new int[TinyRun.VALUES];
    Arrays.setAll(sums, i -> (i + 1) << 16);
    LongStream.range(0, STEPS).forEach(step -> alone.commit(0, sums));

    assertThat(state.digest()).isEqualTo(alone.digest());
    assertThat(model.written()).hasSameSizeAs(curve);
    for (int i = 0; i < curve.size(); i++) {
      assertThat(model.written().get(i)).isEqualTo(passed.get((int) curve.get(i).steps()));
    }
  }

  @Test
  void ifItIsSlowerThanTrainingOnlyTheLatestValuesWait() throws Exception {
    GatedModel model = new GatedModel(0);
    TrainingEvaluations evaluations = evaluations(model, FEWER);
    evaluations.begin();
    model.awaitBegun();
    train(evaluations, STEPS);
    model.permit(UNLIMITED);
    evaluations.end(true);

    assertThat(steps())
        .as("what had begun, perhaps what waited, and the end")
        .startsWith(0L)
        .endsWith(20L)
        .isSubsetOf(0L, 18L, 20L);
  }

  @Test
  void aRunThatGoesOnKeepsTheIntervals() throws Exception {
    while (state.step() < 7) {
      pass();
    }
    TrainingEvaluations evaluations = evaluations(new GatedModel(UNLIMITED), FEWER, 0, 3, 6);
    evaluations.begin();
    for (long step : new long[] {9, 12, 15, 18}) {
      train(evaluations, step);
      awaitEvaluation(step);
    }
    train(evaluations, STEPS);
    evaluations.end(true);

    assertThat(steps()).containsExactly(0L, 3L, 6L, 9L, 12L, 15L, 18L, 20L);
  }

  @Test
  void anEvaluationThatARunOwedWhenItWasBrokenOffIsMadeUpFor() throws Exception {
    while (state.step() < 7) {
      pass();
    }
    TrainingEvaluations evaluations = evaluations(new GatedModel(UNLIMITED), FEWER, 0, 3);
    evaluations.begin();
    awaitEvaluation(7);
    train(evaluations, 9);
    awaitEvaluation(9);
    evaluations.end(false);

    assertThat(steps()).containsExactly(0L, 3L, 7L, 9L);
  }

  @Test
  void aRunThatWasFinishedIsNotEvaluatedAgain() throws Exception {
    while (state.step() < STEPS) {
      pass();
    }
    for (int samples : new int[] {ALL, FEWER}) {
      curve.clear();
      TrainingEvaluations evaluations = evaluations(new GatedModel(UNLIMITED), samples, 0, 18, 20);
      evaluations.begin();
      evaluations.end(true);

      assertThat(steps()).containsExactly(0L, 18L, 20L);
    }
  }

  @Test
  void anInterruptedRunDoesNotWaitForWhatHasNotBegun() throws Exception {
    GatedModel model = new GatedModel(0);
    TrainingEvaluations evaluations = evaluations(model, FEWER);
    evaluations.begin();
    model.awaitBegun();
    train(evaluations, 7);
    model.permit(1);
    evaluations.end(false);

    assertThat(steps()).doesNotContain(3L, 6L);
  }
}
