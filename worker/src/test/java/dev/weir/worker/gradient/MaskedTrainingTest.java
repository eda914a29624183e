package dev.weir.worker.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.mask.Masks;
import dev.weir.model.TrainableModel;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Steps of the real model, in one process. */
class MaskedTrainingTest {
  private static Task task;

  @BeforeAll
  static void load() {
    task =
        Task.load(
            JobFile.parse(
                "{}",
                "test",
                List.of(
                    "model.layers=1",
                    "training.batchSize=8",
                    "training.steps=5",
                    "training.optimizer.learningRate=0.01",
                    "training.optimizer.weightDecay=0.1")),
            1,
            "cpu");
  }

  @AfterAll
  static void close() {
    task.close();
  }

  @Test
  void weightsOutsideTheMaskKeepTheirBitsAndThoseInsideMove() throws Exception {
    TrainableModel model = task.model();
    Mask mask = Masks.random(model.layout(), Masks.budget(model.layout(), 0.005), 7);
    float[] before = model.values();
    TrainingState state = task.newState(mask);
    ShardGradients gradients = new ShardGradients(model, mask, task.shardBatches(), 8, Pace.NONE);

    for (int step = 0; step < 5; step++) {
      ShardSums all = gradients.compute(state, 0, List.of(0, 1, 2, 3), SumsProgress.NONE);
      assertThat(all.faults()).isEmpty();
      state.commit(0, all.sums());
      model.write(state.values());
    }

    float[] after = model.values();
    boolean[] masked = new boolean[before.length];
    int moved = 0;
    for (int coordinate : mask.indices()) {
      masked[coordinate] = true;
      moved += after[coordinate] != before[coordinate] ? 1 : 0;
    }
    for (int i = 0; i < before.length; i++) {
      if (!masked[i] && Float.floatToRawIntBits(after[i]) != Float.floatToRawIntBits(before[i])) {
        throw new AssertionError(model.layout().at(i).name() + " changed at coordinate " + i);
      }
    }
    // Rows of words that were not seen have no gradient; weight decay alone may be lost in
    // rounding.
    assertThat(moved).isGreaterThan(mask.size() / 20);
  }

  @Test
  void sumsOfShardsDoNotDependOnHowTheyAreGrouped() throws InterruptedException {
    TrainableModel model = task.model();
    Mask mask = Masks.bitfit(model.layout());
    TrainingState state = task.newState(mask);
    ShardGradients gradients = new ShardGradients(model, mask, task.shardBatches(), 8, Pace.NONE);
    int[] together =
        gradients.compute(state, 0, List.of(0, 1, 2, 3), SumsProgress.NONE).sums().clone();

    int[] apart = new int[mask.size()];
    for (List<Integer> group : List.of(List.of(2), List.of(3, 0), List.of(1))) {
      int[] sums = gradients.compute(state, 0, group, SumsProgress.NONE).sums();
      for (int i = 0; i < apart.length; i++) {
        apart[i] += sums[i];
      }
    }

    assertThat(apart).isEqualTo(together);
  }

  @Test
  void sumsAreKnownFromTheEndBeforeAllAreComputed() throws InterruptedException {
    TrainableModel model = task.model();
    Mask mask = Masks.bitfit(model.layout());
    TrainingState state = task.newState(mask);
    ShardGradients gradients = new ShardGradients(model, mask, task.shardBatches(), 8, Pace.NONE);
    int[] whole = gradients.compute(state, 0, List.of(3, 1), SumsProgress.NONE).sums().clone();
    List<Integer> reached = new ArrayList<>();

    ShardSums result =
        gradients.compute(
            state,
            0,
            List.of(3, 1),
            (losses, sums, from) -> {
              reached.add(from);
              assertThat(Arrays.copyOfRange(sums, from, sums.length))
                  .isEqualTo(Arrays.copyOfRange(whole, from, whole.length));
            });

    assertThat(reached).hasSizeGreaterThan(1).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(result.sums()).isEqualTo(whole);
  }

  @Test
  void nothingIsToldOfSumsAfterAFault() throws InterruptedException {
    ShardSums result =
        computeSpoiled(
            List.of(1),
            (losses, sums, from) -> {
              throw new AssertionError("reached " + from);
            });

    assertThat(result.faults()).hasSize(1);
  }

  @Test
  void aGradientThatIsNotFiniteIsReportedWithItsParameter() throws InterruptedException {
    ShardSums result = computeSpoiled(List.of(1, 2), SumsProgress.NONE);

    assertThat(result.faults())
        .hasSize(2)
        .allMatch(fault -> fault.kind() == ShardFault.Kind.NON_FINITE);
  }

  /** With a model of which a value is not a number. */
  private ShardSums computeSpoiled(List<Integer> shards, SumsProgress progress)
      throws InterruptedException {
    TrainableModel model = task.model();
    Mask mask = Masks.bitfit(model.layout());
    TrainingState state = task.newState(mask);
    float[] spoiled = state.values().clone();
    spoiled[spoiled.length - 1] = Float.NaN;
    model.write(spoiled);
    ShardGradients gradients = new ShardGradients(model, mask, task.shardBatches(), 8, Pace.NONE);

    ShardSums result = gradients.compute(state, 0, shards, progress);
    model.write(state.values());
    return result;
  }
}
