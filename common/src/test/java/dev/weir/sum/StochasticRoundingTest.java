package dev.weir.sum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StochasticRoundingTest {
  private static final int COORDINATES = 100_000;

  /** Six standard deviations of the mean of so many independent roundings, at most ½ each. */
  private static final double TOLERANCE = 6 * 0.5 / Math.sqrt(COORDINATES);

  @Property(tries = 100)
  void theMeanOverCoordinatesIsTheValue(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 1000) int step,
      @ForAll @IntRange(min = 0, max = 127) int shard,
      @ForAll @DoubleRange(min = -32767, max = 32767) double value) {
    float units = (float) value;
    int[] rounded = round(StochasticRounding.of(seed, step, shard), units);
    assertThat(Arrays.stream(rounded).average().orElseThrow() - units)
        .isCloseTo(0, within(TOLERANCE));
    assertThat(Arrays.stream(rounded).min().orElseThrow())
        .isGreaterThanOrEqualTo((int) Math.floor(units));
    assertThat(Arrays.stream(rounded).max().orElseThrow())
        .isLessThanOrEqualTo((int) Math.ceil(units));
  }

  @Test
  void theMeanOverStepsAndOverShardsIsTheValue() {
    double overSteps = 0;
    double overShards = 0;
    for (int i = 0; i < COORDINATES; i++) {
      overSteps += one(StochasticRounding.of(7, i, 3));
      overShards += one(StochasticRounding.of(7, 3, i));
    }
    assertThat(overSteps / COORDINATES).isCloseTo(0.3, within(TOLERANCE));
    assertThat(overShards / COORDINATES).isCloseTo(0.3, within(TOLERANCE));
  }

  /**
   * What is rounded up with probability ½: a fair coin for each of seed, step, shard, coordinate.
   */
  @Test
  void neighboursInEveryRespectAreIndependent() {
    int[] base = coins(1, 1, 1);
    int[][] neighbours = {
      coins(2, 1, 1), coins(1, 2, 1), coins(1, 1, 2), coins(1, 0, 2), coins(0, 2, 1)
    };
    for (int[] neighbour : neighbours) {
      assertThat(agreement(base, neighbour, 0)).isCloseTo(0.5, within(TOLERANCE));
    }
    for (int distance = 1; distance <= 64; distance *= 2) {
      assertThat(agreement(base, base, distance)).isCloseTo(0.5, within(TOLERANCE));
    }
  }

  @Property(tries = 100)
  void everyPlaceIsRoundedTheSameWhateverIsRoundedWithIt(@ForAll long seed) {
    Random random = new Random(seed);
    float[] gradient = new float[1000];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = random.nextFloat(-100, 100);
    }
    int[] whole = new int[1000];
    StochasticRounding.of(seed, 5, 2).add(gradient, 1, whole, 0, 1000);
    int[] pieces = new int[1000];
    int cut = random.nextInt(1001);
    StochasticRounding.of(seed, 5, 2).add(gradient, 1, pieces, cut, 1000);
    StochasticRounding.of(seed, 5, 2).add(gradient, 1, pieces, 0, cut);
    assertThat(pieces).containsExactly(whole);
  }

  @Test
  void wholeUnitsStayAsTheyAre() {
    float[] gradient = {0, -0f, 1, -1, 32767, -32767, 1e-30f * 0};
    int[] sums = new int[gradient.length];
    StochasticRounding.of(1, 2, 3).add(gradient, 1, sums, 0, gradient.length);
    assertThat(sums).containsExactly(0, 0, 1, -1, 32767, -32767, 0);
  }

  /** Pinned: these bits are part of every fixed16 run's result. */
  @Test
  void theBitsAreTheseForEver() {
    int[] coins = coins(1, 2, 3);
    long bits = 0;
    for (int i = 0; i < 64; i++) {
      bits |= (long) coins[i] << i;
    }
    assertThat(Long.toHexString(bits)).isEqualTo("46a0b37d700dc173");
  }

  private static double one(Rounding rounding) {
    int[] sums = new int[1];
    rounding.add(new float[] {0.3f}, 1, sums, 0, 1);
    return sums[0];
  }

  private static int[] coins(long seed, long step, int shard) {
    return round(StochasticRounding.of(seed, step, shard), 0.5f);
  }

  private static double agreement(int[] one, int[] other, int distance) {
    int same = 0;
    for (int i = 0; i < COORDINATES - distance; i++) {
      same += one[i] == other[i + distance] ? 1 : 0;
    }
    return (double) same / (COORDINATES - distance);
  }

  private static int[] round(Rounding rounding, float units) {
    float[] gradient = new float[COORDINATES];
    Arrays.fill(gradient, units);
    int[] sums = new int[COORDINATES];
    rounding.add(gradient, 1, sums, 0, COORDINATES);
    return sums;
  }
}
