package dev.weir.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.optimizer.AdamW;
import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.optimizer.Sgd;
import dev.weir.optimizer.SparseOptimizer;
import dev.weir.sum.Quantization;
import dev.weir.sum.SumFormat;
import dev.weir.sum.SumRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TrainingStateTest {
  static final int SHARDS = 4;

  static UpdateRule rule(SparseOptimizer optimizer, int k, double clip) {
    return new UpdateRule(
        optimizer,
        new LearningRateSchedule(LearningRateSchedule.Shape.CONSTANT, 0.5, 0, 10),
        clip,
        new SumRule(SumFormat.FIXED32, SHARDS, 0),
        DecayRanges.everywhere(k));
  }

  static TrainingState trained(int k, long seed) {
    Random random = new Random(seed);
    TrainingState state =
        new TrainingState(rule(new AdamW(0.9, 0.999, 1e-8, 0), k, 0), gradient(random, k));
    for (int step = 0; step < 3; step++) {
      int[] sums = new int[k];
      state.quantize(0, 0, gradient(random, k), sums);
      state.commit(0, sums);
    }
    state.skip();
    return state;
  }

  private static float[] gradient(Random random, int k) {
    float[] gradient = new float[k];
    for (int i = 0; i < k; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    return gradient;
  }

  @Property(tries = 50)
  void theStateIsTheSameForAnyOrderOfTheShards(@ForAll long seed) {
    Random random = new Random(seed);
    int k = 300;
    TrainingState one = trained(k, 5);
    TrainingState two = trained(k, 5);
    for (int step = 0; step < 5; step++) {
      List<float[]> shards = new ArrayList<>();
      int[] sums = new int[k];
      for (int shard = 0; shard < SHARDS; shard++) {
        shards.add(gradient(random, k));
        one.quantize(1, 0, shards.get(shard), sums);
      }
      one.commit(1, sums);
      Collections.shuffle(shards, random);
      int[] shuffled = new int[k];
      shards.forEach(shard -> two.quantize(1, 0, shard, shuffled));
      two.commit(1, shuffled);
      assertThat(two.fingerprint()).isEqualTo(one.fingerprint());
      assertThat(two.digest()).isEqualTo(one.digest());
    }
    assertThat(two.values()).containsExactly(one.values());
  }

  @Test
  void aStepDescendsAlongTheSumOfItsShards() {
    TrainingState state = new TrainingState(rule(new Sgd(0, false, 0), 2, 0), new float[] {1, 1});
    int[] sums = new int[2];
    state.quantize(0, 0, new float[] {0.25f, 1}, sums);
    state.quantize(0, 0, new float[] {0.5f, -3}, sums);
    StepOutcome outcome = state.commit(0, sums);
    assertThat(state.values()).containsExactly(1 - 0.375f, 2);
    assertThat(outcome.gradientNorm()).isCloseTo(Math.hypot(0.75, 2), within(1e-12));
    assertThat(outcome.learningRate()).isEqualTo(0.5f);
    assertThat(state.step()).isEqualTo(1);
  }

  @Test
  void gradientsAreClipped() {
    TrainingState state = new TrainingState(rule(new Sgd(0, false, 0), 2, 1), new float[2]);
    int[] sums = new int[2];
    state.quantize(0, 0, new float[] {3, 4}, sums);
    assertThat(state.commit(0, sums).gradientNorm()).isEqualTo(5);
    assertThat(state.values()[0]).isCloseTo(-0.3f, within(1e-6f));
    assertThat(state.values()[1]).isCloseTo(-0.4f, within(1e-6f));
  }

  @Test
  void aSkippedStepChangesNothingButTheCounters() {
    TrainingState state = trained(40, 1);
    float[] before = state.values().clone();
    long fingerprint = state.fingerprint();
    assertThat(state.consecutiveSkips()).isEqualTo(1);
    state.skip();
    assertThat(state.values()).containsExactly(before);
    assertThat(state.consecutiveSkips()).isEqualTo(2);
    assertThat(state.step()).isEqualTo(5);
    assertThat(state.fingerprint()).isNotEqualTo(fingerprint);
    state.commit(0, new int[40]);
    assertThat(state.consecutiveSkips()).isZero();
  }

  @Test
  void skippedStepsDoNotCountForBiasCorrection() {
    UpdateRule rule = rule(new AdamW(0.9, 0.999, 1e-8, 0), 1, 0);
    TrainingState straight = new TrainingState(rule, new float[] {1});
    TrainingState skipping = new TrainingState(rule, new float[] {1});
    skipping.skip();
    for (TrainingState state : List.of(straight, skipping)) {
      int[] sums = new int[1];
      state.quantize(0, 0, new float[] {0.5f}, sums);
      state.commit(0, sums);
    }
    assertThat(skipping.values()).containsExactly(straight.values());
  }

  @Test
  void aSumBeyondTheFloatsIsSkipped() {
    TrainingState state = new TrainingState(rule(new Sgd(0, false, 0), 1, 0), new float[] {7});
    int[] sums = new int[1];
    int attempt = 30;
    for (int shard = 0; shard < SHARDS; shard++) {
      Quantization result = state.quantize(attempt, 0, new float[] {Float.MAX_VALUE}, sums);
      assertThat(result.isOk()).isTrue();
    }
    StepOutcome outcome = state.commit(attempt, sums);
    assertThat(outcome.applied()).isFalse();
    assertThat(state.values()).containsExactly(7);
    assertThat(state.step()).isEqualTo(1);
    assertThat(state.consecutiveSkips()).isEqualTo(1);
  }

  @Test
  void anAttemptWithMoreRangeTakesWhatOverflowed() {
    TrainingState state = new TrainingState(rule(new Sgd(0, false, 0), 1, 0), new float[1]);
    float[] large = {100};
    assertThat(state.quantize(0, 0, large, new int[1]).outcome())
        .isEqualTo(Quantization.Outcome.OVERFLOW);
    int[] sums = new int[1];
    assertThat(state.quantize(1, 0, large, sums).isOk()).isTrue();
    state.commit(1, sums);
    assertThat(state.values()).containsExactly(-50);
    assertThat(state.quantize(0, 0, large, new int[1]).isOk()).isTrue();
  }

  @Test
  void anySingleBitChangesTheFingerprint() {
    TrainingState state = trained(17, 3);
    Set<Long> seen = new HashSet<>(Set.of(state.fingerprint()));
    List<float[]> vectors = new ArrayList<>(List.of(state.moments()));
    vectors.add(state.values());
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        for (int bit = 0; bit < 32; bit++) {
          float before = vector[i];
          vector[i] = Float.intBitsToFloat(Float.floatToRawIntBits(before) ^ 1 << bit);
          assertThat(seen.add(state.fingerprint())).isTrue();
          vector[i] = before;
        }
      }
    }
  }

  @Test
  void aCopyGoesItsOwnWay() {
    TrainingState state = trained(40, 1);
    TrainingState copy = state.copy();
    assertThat(copy.digest()).isEqualTo(state.digest());
    String before = state.digest();
    int[] sums = new int[40];
    sums[0] = 1000;
    copy.commit(0, sums);
    assertThat(state.digest()).isEqualTo(before);
    assertThat(copy.digest()).isNotEqualTo(before);
  }
}
