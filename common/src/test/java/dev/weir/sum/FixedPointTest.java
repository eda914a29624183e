package dev.weir.sum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FixedPointTest {
  @Property(tries = 200)
  void sumsAreTheSameForAnyOrderAndGroupingOfTheShards(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 700) int length,
      @ForAll @IntRange(min = 1, max = 20) int shards) {
    Random random = new Random(seed);
    BlockExponents exponents = exponents(random, length);
    List<float[]> gradients = new ArrayList<>();
    int[] inOrder = new int[length];
    for (int shard = 0; shard < shards; shard++) {
      float[] gradient = fitting(random, exponents, shards);
      gradients.add(gradient);
      assertThat(FixedPoint.quantize(gradient, exponents, shards, inOrder).isOk()).isTrue();
    }
    Collections.shuffle(gradients, random);
    int[][] groups = new int[3][length];
    for (float[] gradient : gradients) {
      FixedPoint.quantize(gradient, exponents, shards, groups[random.nextInt(3)]);
    }
    int[] grouped = new int[length];
    for (int[] group : groups) {
      int cut = random.nextInt(length + 1);
      FixedPoint.add(grouped, cut, group, cut, length - cut);
      FixedPoint.add(grouped, 0, group, 0, cut);
    }
    assertThat(grouped).containsExactly(inOrder);
  }

  @Property(tries = 200)
  void theErrorIsAtMostHalfAUnitPerShard(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int shards) {
    Random random = new Random(seed);
    int length = 300;
    BlockExponents exponents = exponents(random, length);
    double[] exact = new double[length];
    int[] sums = new int[length];
    for (int shard = 0; shard < shards; shard++) {
      float[] gradient = fitting(random, exponents, shards);
      FixedPoint.quantize(gradient, exponents, shards, sums);
      for (int i = 0; i < length; i++) {
        exact[i] += gradient[i];
      }
    }
    float[] reduced = new float[length];
    FixedPoint.dequantize(sums, exponents, shards, reduced);
    for (int i = 0; i < length; i++) {
      double unit = exponents.unit(i / BlockExponents.BLOCK, shards);
      assertThat(sums[i] * unit - exact[i]).isBetween(-unit * shards / 2, unit * shards / 2);
      assertThat(reduced[i]).isEqualTo((float) (sums[i] * unit));
    }
  }

  @Property(tries = 500)
  void aValueOverflowsExactlyIfItRoundsToMoreUnitsThanAShardMayUse(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 65536) int shards) {
    Random random = new Random(seed);
    BlockExponents exponents = exponents(random, 1);
    double unit = exponents.unit(0, shards);
    long most = Integer.MAX_VALUE >> (31 - BlockExponents.valueBits(shards));
    float value = (float) ((most + 0.5) * unit);
    for (int i = 0; i < 3; i++) {
      value = Math.nextDown(value);
    }
    for (int i = 0; i < 6 && Float.isFinite(value); i++, value = Math.nextUp(value)) {
      int[] sums = new int[1];
      float signed = random.nextBoolean() ? value : -value;
      Quantization result = FixedPoint.quantize(new float[] {signed}, exponents, shards, sums);
      double rounded = Math.rint(signed / unit);
      assertThat(result.isOk()).isEqualTo(Math.abs(rounded) <= most);
      assertThat((double) sums[0]).isEqualTo(result.isOk() ? rounded : 0);
    }
  }

  @Property(tries = 100)
  void noSumOfAllShardsLeavesTheIntegers(@ForAll @IntRange(min = 1, max = 65536) int shards) {
    BlockExponents exponents = BlockExponents.initial(1);
    double unit = exponents.unit(0, shards);
    float most =
        (float) ((Integer.MAX_VALUE >> (31 - BlockExponents.valueBits(shards))) * unit * 0.9999999);
    int[] sums = new int[1];
    assertThat(FixedPoint.quantize(new float[] {-most}, exponents, shards, sums).isOk()).isTrue();
    long whole = (long) sums[0] * shards;
    assertThat(whole).isBetween(-(1L << 31), -1L);
  }

  @Test
  void tiesRoundToEven() {
    BlockExponents exponents = BlockExponents.of(5, new int[] {31});
    int[] sums = new int[5];
    FixedPoint.quantize(new float[] {0.5f, 1.5f, -2.5f, 2.500001f, -0f}, exponents, 1, sums);
    assertThat(sums).containsExactly(0, 2, -2, 3, 0);
  }

  @Test
  void whatIsNotFiniteIsFoundFirst() {
    BlockExponents exponents = BlockExponents.initial(1000);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] gradient = new float[1000];
      gradient[300] = 17;
      gradient[301] = -17;
      int[] sums = new int[1000];
      assertThat(FixedPoint.quantize(gradient, exponents, 4, sums))
          .isEqualTo(new Quantization(Quantization.Outcome.OVERFLOW, 300));
      gradient[900] = bad;
      gradient[999] = bad;
      assertThat(FixedPoint.quantize(gradient, exponents, 4, sums))
          .isEqualTo(new Quantization(Quantization.Outcome.NON_FINITE, 900));
      assertThat(sums).containsOnly(0);
    }
  }

  @Test
  void theWidestExponentsTakeEveryFiniteFloat() {
    BlockExponents widest = BlockExponents.initial(2).widen(Integer.MAX_VALUE);
    for (int shards : new int[] {1, 8, 65536}) {
      float[] extremes = {Float.MAX_VALUE, -Float.MAX_VALUE};
      assertThat(FixedPoint.quantize(extremes, widest, shards, new int[2]).isOk()).isTrue();
    }
  }

  @Test
  void lengthsMustFit() {
    BlockExponents exponents = BlockExponents.initial(3);
    assertThatThrownBy(() -> FixedPoint.quantize(new float[2], exponents, 1, new int[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FixedPoint.quantize(new float[3], exponents, 1, new int[4]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FixedPoint.add(new int[3], 1, new int[3], 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> FixedPoint.quantize(new float[3], exponents, 65537, new int[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static BlockExponents exponents(Random random, int length) {
    int[] ranges = new int[BlockExponents.blocks(length)];
    for (int block = 0; block < ranges.length; block++) {
      ranges[block] = random.nextInt(-120, 120);
    }
    return BlockExponents.of(length, ranges);
  }

  /** Values of all magnitudes that fit, up to the largest. */
  private static float[] fitting(Random random, BlockExponents exponents, int shards) {
    float[] gradient = new float[exponents.length()];
    for (int i = 0; i < gradient.length; i++) {
      int block = i / BlockExponents.BLOCK;
      double units = Math.scalb(random.nextDouble(-1, 1), 31 - random.nextInt(31));
      double most = (1L << BlockExponents.valueBits(shards)) - 1;
      gradient[i] =
          (float) (Math.max(-most, Math.min(most, units)) * exponents.unit(block, shards) * 0.999);
    }
    return gradient;
  }
}
