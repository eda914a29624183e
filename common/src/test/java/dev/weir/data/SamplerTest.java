package dev.weir.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SamplerTest {

  @Property(tries = 200)
  void everySampleIsSeenOncePerEpoch(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int samples,
      @ForAll @IntRange(min = 1, max = 80) int batchSize,
      @ForAll @IntRange(min = 1, max = 8) int shards) {
    Sampler sampler = sampler(seed, samples, batchSize, Math.min(shards, batchSize));
    // After `samples` steps, exactly batchSize epochs are through.
    int[] seen = new int[samples];
    for (int step = 0; step < samples; step++) {
      stepOf(sampler, step, Math.min(shards, batchSize)).forEach(sample -> seen[sample]++);
    }
    assertThat(seen).containsOnly(batchSize);
  }

  @Property(tries = 200)
  void anEpochIsFinishedBeforeAnySampleIsSeenAgain(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int samples,
      @ForAll @IntRange(min = 1, max = 80) int batchSize) {
    Sampler sampler = sampler(seed, samples, batchSize, 1);
    int[] seen = new int[samples];
    for (int step = 0; step < 20; step++) {
      stepOf(sampler, step, 1).forEach(sample -> seen[sample]++);
      int least = Arrays.stream(seen).min().orElseThrow();
      int most = Arrays.stream(seen).max().orElseThrow();
      assertThat(most - least).isLessThanOrEqualTo(1);
    }
  }

  @Property(tries = 200)
  void shardsAreBalancedAndOrderedByLength(
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 1L << 40) long step,
      @ForAll @IntRange(min = 1, max = 80) int batchSize,
      @ForAll @IntRange(min = 1, max = 80) int shards) {
    int used = Math.min(shards, batchSize);
    Sampler sampler = sampler(seed, 50, batchSize, used);
    assertThat(IntStream.range(0, used).map(s -> sampler.shard(step, s).length).toArray())
        .doesNotContain(0);
    assertThat(stepOf(sampler, step, used))
        .hasSize(batchSize)
        .isSortedAccordingTo((a, b) -> Integer.compare(lengthOf(a), lengthOf(b)));
  }

  @Property(tries = 50)
  void shardsDoNotDependOnTheOrderOfCalls(@ForAll long seed, @ForAll Random random) {
    Sampler inOrder = sampler(seed, 17, 12, 5);
    Sampler jumping = sampler(seed, 17, 12, 5);
    List<int[]> expected = new ArrayList<>();
    for (int call = 0; call < 50; call++) {
      expected.add(inOrder.shard(call / 5, call % 5));
    }
    for (int i = 0; i < 50; i++) {
      int call = random.nextInt(50);
      assertThat(jumping.shard(call / 5, call % 5)).isEqualTo(expected.get(call));
    }
  }

  @Test
  void stepsDoNotDependOnTheNumberOfShards() {
    assertThat(stepOf(sampler(1, 100, 32, 8), 7, 8))
        .isEqualTo(stepOf(sampler(1, 100, 32, 3), 7, 3));
  }

  @Test
  void theOrderIsThatOfEarlierReleases() {
    // Pinned: a changed order would change every trained model.
    assertThat(Permutation.of(42, 0, 8)).containsExactly(PINNED_EPOCH_0);
    assertThat(Permutation.of(42, 1, 8)).containsExactly(PINNED_EPOCH_1);
  }

  @Test
  void otherSeedsAndEpochsGiveOtherOrders() {
    assertThat(Permutation.of(1, 0, 50)).isNotEqualTo(Permutation.of(2, 0, 50));
    assertThat(Permutation.of(1, 0, 50)).isNotEqualTo(Permutation.of(1, 1, 50));
    assertThat(Permutation.of(1, 1, 50)).isNotEqualTo(Permutation.of(2, 0, 50));
  }

  @Test
  void epochIsThatOfTheFirstSample() {
    Sampler sampler = sampler(1, 10, 4, 2);
    assertThat(IntStream.range(0, 6).mapToObj(sampler::epoch))
        .containsExactly(0L, 0L, 0L, 1L, 1L, 2L);
  }

  @Test
  void refusesShardsThatWouldBeEmpty() {
    assertThatThrownBy(() -> sampler(1, 10, 4, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 shards for 4 samples per step; every shard needs one");
  }

  private static final int[] PINNED_EPOCH_0 = {1, 4, 7, 5, 3, 0, 2, 6};
  private static final int[] PINNED_EPOCH_1 = {1, 0, 3, 4, 7, 2, 6, 5};

  private static Sampler sampler(long seed, int samples, int batchSize, int shards) {
    return new Sampler(seed, samples, SamplerTest::lengthsOf, batchSize, shards);
  }

  private static int[] lengthsOf(int... samples) {
    return IntStream.of(samples).map(SamplerTest::lengthOf).toArray();
  }

  private static int lengthOf(int sample) {
    return 3 + sample * 7 % 11;
  }

  private static List<Integer> stepOf(Sampler sampler, long step, int shards) {
    return IntStream.range(0, shards)
        .flatMap(shard -> Arrays.stream(sampler.shard(step, shard)))
        .boxed()
        .toList();
  }
}
