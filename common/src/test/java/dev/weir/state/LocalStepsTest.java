package dev.weir.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.optimizer.AdamW;
import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.optimizer.LocalSteps;
import dev.weir.optimizer.LocalSteps.Combination;
import dev.weir.sum.SumFormat;
import dev.weir.sum.SumRule;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LocalStepsTest {
  private static final int K = 300;
  private static final int STEPS = 10;

  private static UpdateRule rule(LocalSteps local, int shards) {
    return new UpdateRule(
        new AdamW(0.9, 0.999, 1e-8, 0.1),
        new LearningRateSchedule(LearningRateSchedule.Shape.LINEAR, 0.5, 0.1, STEPS),
        1e-3,
        new SumRule(SumFormat.FIXED32, shards, 0),
        DecayRanges.everywhere(K),
        local);
  }

  /** The outer step as its equation says, in double, beside the state's own. */
  @Property(tries = 60)
  void everyCombinationIsWhatItsEquationSays(
      @ForAll Combination combination,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int shards) {
    Random random = new Random(seed);
    double rate = 0.7;
    double momentum = 0.9;
    float[] start = vector(random, 1);
    TrainingState state =
        new TrainingState(rule(new LocalSteps(3, combination, rate, momentum), shards), start);
    double[] expected = new double[K];
    double[] moment = new double[K];
    for (int i = 0; i < K; i++) {
      expected[i] = start[i];
    }
    for (int round = 0; round < 3; round++) {
      double[] sum = new double[K];
      int[] sums = new int[K];
      for (int shard = 0; shard < shards; shard++) {
        float[] drift = vector(random, 0.01f);
        assertThat(state.quantize(0, shard, drift, sums).isOk()).isTrue();
        for (int i = 0; i < K; i++) {
          sum[i] += drift[i];
        }
      }
      state.commit(0, sums);
      for (int i = 0; i < K; i++) {
        double mean = sum[i] / shards;
        moment[i] = momentum * moment[i] + mean;
        expected[i] -=
            switch (combination) {
              case MEAN -> mean;
              case SUM -> sum[i];
              case NESTEROV -> rate * (mean + momentum * moment[i]);
            };
      }
    }
    for (int i = 0; i < K; i++) {
      assertThat((double) state.values()[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  private static float[] vector(Random random, float scale) {
    float[] vector = new float[K];
    for (int i = 0; i < K; i++) {
      vector[i] = scale * (float) random.nextGaussian();
    }
    return vector;
  }

  @Test
  void roundsPassTogetherAndTheLastIsShorter() {
    TrainingState state =
        new TrainingState(rule(new LocalSteps(4, Combination.MEAN, 1, 0), 4), new float[K]);
    assertThat(state.roundLength()).isEqualTo(4);
    state.commit(0, new int[K]);
    assertThat(state.step()).isEqualTo(4);
    state.skip();
    assertThat(state.step()).isEqualTo(8);
    assertThat(state.consecutiveSkips()).isEqualTo(1);
    assertThat(state.roundLength()).isEqualTo(2);
    state.commit(0, new int[K]);
    assertThat(state.step()).isEqualTo(STEPS);
    assertThat(state.consecutiveSkips()).isZero();
  }

  @Test
  void onlyTheOuterMomentIsCommonState() {
    for (Combination combination : Combination.values()) {
      UpdateRule rule = rule(new LocalSteps(4, combination, 0.7, 0.9), 4);
      TrainingState state = new TrainingState(rule, vector(new Random(3), 1));
      int[] sums = new Random(2).ints(K).map(sum -> sum >> 6).toArray();
      state.commit(0, sums);
      assertThat(state.moments()).hasNumberOfRows(combination == Combination.NESTEROV ? 1 : 0);

      byte[] bytes = TrainingStateCodec.encode(state);
      TrainingState back = TrainingStateCodec.decode(bytes, "state", rule);
      back.commit(1, sums);
      state.commit(1, sums);
      assertThat(back.digest()).isEqualTo(state.digest());
    }
  }

  @Test
  void oneStepPerRoundIsTheOrdinaryStep() {
    float[] start = vector(new Random(1), 1);
    int[] sums = new Random(2).ints(K).map(sum -> sum >> 6).toArray();
    TrainingState ordinary = new TrainingState(rule(LocalSteps.NONE, 4), start);
    TrainingState rounds =
        new TrainingState(rule(new LocalSteps(1, Combination.NESTEROV, 0.7, 0.9), 4), start);
    for (int step = 0; step < 3; step++) {
      ordinary.commit(0, sums);
      rounds.commit(0, sums);
    }
    assertThat(rounds.digest()).isEqualTo(ordinary.digest());
    assertThat(rounds.step()).isEqualTo(3);
  }
}
