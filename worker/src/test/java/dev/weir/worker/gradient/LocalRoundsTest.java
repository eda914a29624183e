package dev.weir.worker.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.data.LabelledBatch;
import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.mask.Masks;
import dev.weir.model.TrainableModel;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Replicas of the real model, in one process. */
class LocalRoundsTest {
  private static final int H = 3;
  private static final int SHARDS = 4;
  private static final int BATCH = 8;
  private static final int STEPS = 5;
  private static final double RATE = 0.05;
  private static Task task;
  private static Mask mask;
  private static float[] initial = {};

  @BeforeAll
  static void load() {
    task =
        Task.load(
            JobFile.parse(
                "{}",
                "test",
                List.of(
                    "model.layers=1",
                    "training.batchSize=" + BATCH,
                    "training.steps=" + STEPS,
                    "training.optimizer.name=sgd",
                    "training.optimizer.learningRate=" + RATE,
                    "training.schedule.shape=constant",
                    "training.schedule.warmup=0",
                    "training.clipNorm=0.5",
                    "communication.everySteps=" + H)),
            1,
            "cpu");
    mask = Masks.bitfit(task.model().layout());
    initial = task.newState(mask).values().clone();
  }

  @AfterAll
  static void close() {
    task.close();
  }

  /** The model's own, whatever the test before left in it. */
  private static TrainingState initialState() {
    task.model().write(initial);
    return task.newState(mask);
  }

  private static LocalRounds rounds() {
    return rounds(step -> false);
  }

  private static LocalRounds rounds(LongPredicate needless) {
    return new LocalRounds(task.model(), mask, task.shardBatches(), BATCH, Pace.NONE, needless);
  }

  /** Nesterov momentum in double, written anew: what a replica does in the steps of a round. */
  private static double[] reference(TrainingState state, int shard, int length) {
    TrainableModel model = task.model();
    int k = mask.size();
    float[] values = state.values().clone();
    float[] gradient = new float[k];
    double[] momentum = new double[k];
    for (int t = 0; t < length; t++) {
      model.write(values);
      LabelledBatch batch = task.shardBatches().batch(state.step() + t, shard);
      model.gradient(batch.tokens(), batch.labels(), 1f / BATCH, gradient);
      double squares = 0;
      for (float g : gradient) {
        squares += Math.pow((double) SHARDS * g, 2);
      }
      double factor = SHARDS * Math.min(1, 0.5 / Math.sqrt(squares));
      for (int i = 0; i < k; i++) {
        double g = gradient[i] * factor;
        momentum[i] = 0.9 * momentum[i] + g;
        values[i] = (float) (values[i] - RATE * (g + 0.9 * momentum[i]));
      }
    }
    double[] drift = new double[k];
    for (int i = 0; i < k; i++) {
      drift[i] = state.values()[i] - values[i];
    }
    return drift;
  }

  @Test
  void aReplicaTakesOrdinaryStepsOfItsOwnAndTheLastRoundIsShorter() throws Exception {
    TrainingState state = initialState();
    LocalRounds rounds = rounds();
    for (int length : new int[] {H, STEPS - H}) {
      assertThat(state.roundLength()).isEqualTo(length);
      ShardSums sums = rounds.compute(state, 0, List.of(2), SumsProgress.NONE);
      assertThat(sums.faults()).isEmpty();
      double[] expected = reference(state, 2, length);
      TrainingState reduced = state.copy();
      reduced.commit(0, sums.sums());
      for (int i = 0; i < expected.length; i++) {
        double moved = SHARDS * ((double) state.values()[i] - reduced.values()[i]);
        assertThat(moved).isCloseTo(expected[i], within(1e-6));
      }
      assertThat(Arrays.stream(expected).map(Math::abs).max().orElseThrow()).isGreaterThan(1e-3);
      state.commit(0, rounds.compute(state, 0, List.of(0, 1, 2, 3), SumsProgress.NONE).sums());
    }
    assertThat(state.step()).isEqualTo(STEPS);
  }

  @Test
  void sumsOfReplicasDoNotDependOnWhoHostsThem() throws Exception {
    TrainingState state = initialState();
    ShardSums all = rounds().compute(state, 0, List.of(0, 1, 2, 3), SumsProgress.NONE);
    int[] together = all.sums().clone();
    assertThat(all.losses().stream().mapToDouble(x -> x).sum()).isCloseTo(0.7, within(0.2));

    int[] apart = new int[mask.size()];
    LocalRounds one = rounds();
    LocalRounds other = rounds();
    add(apart, one.compute(state, 0, List.of(3), SumsProgress.NONE).sums());
    add(apart, other.compute(state, 0, List.of(2, 0), SumsProgress.NONE).sums());
    add(apart, one.compute(state, 0, List.of(1), SumsProgress.NONE).sums());

    assertThat(apart).isEqualTo(together);
  }

  private static void add(int[] into, int[] sums) {
    for (int i = 0; i < into.length; i++) {
      into[i] += sums[i];
    }
  }

  @Test
  void aSecondAttemptTakesTheSameDifferencesWithoutRunningTheReplicasAgain() throws Exception {
    TrainingState state = initialState();
    LocalRounds rounds = rounds();
    ShardSums first = rounds.compute(state, 0, List.of(0, 1), SumsProgress.NONE);
    assertThat(first.computeNs()).isPositive();

    ShardSums second = rounds.compute(state, 1, List.of(0, 1), SumsProgress.NONE);

    assertThat(second.computeNs()).isZero();
    assertThat(second.losses()).isEqualTo(first.losses());
    assertThat(second.sums().clone())
        .isEqualTo(rounds().compute(state, 1, List.of(1, 0), SumsProgress.NONE).sums());
  }

  @Test
  void aRoundThatNobodyNeedsIsGivenUpBetweenTwoSteps() throws Exception {
    TrainingState state = initialState();
    int[] asked = {0};
    LocalRounds rounds = rounds(step -> step == 0 && ++asked[0] == H + 2);

    ShardSums first = rounds.compute(state, 0, List.of(1, 2), SumsProgress.NONE);
    assertThat(first.isAbandoned()).isTrue();
    assertThat(first.shards()).containsExactly(1, 2);
    assertThat(first.losses()).hasSize(2);
    assertThat(asked[0]).isEqualTo(H + 2);

    ShardSums again = rounds.compute(state, 0, List.of(1, 2), SumsProgress.NONE);
    assertThat(again.isAbandoned()).isFalse();
    assertThat(again.sums().clone())
        .isEqualTo(rounds().compute(state, 0, List.of(2, 1), SumsProgress.NONE).sums());
  }

  @Test
  void anotherStateOrStepIsComputedAnew() throws Exception {
    TrainingState state = initialState();
    LocalRounds rounds = rounds();
    rounds.compute(state, 0, List.of(0), SumsProgress.NONE);
    rounds.reset();
    assertThat(rounds.compute(state, 0, List.of(0), SumsProgress.NONE).computeNs()).isPositive();
    state.skip();
    assertThat(rounds.compute(state, 0, List.of(0), SumsProgress.NONE).computeNs()).isPositive();
  }

  @Test
  void whatIsNotFiniteEndsTheRoundAndNamesItsParameter() throws Exception {
    TrainingState state = initialState();
    state.values()[mask.size() - 1] = Float.NaN;

    ShardSums result = rounds().compute(state, 0, List.of(1, 2), SumsProgress.NONE);

    assertThat(result.faults())
        .hasSize(2)
        .allMatch(fault -> fault.kind() == ShardFault.Kind.NON_FINITE);
  }
}
