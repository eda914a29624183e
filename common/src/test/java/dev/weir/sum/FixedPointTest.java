package dev.weir.sum;

import static dev.weir.sum.SumFormat.FIXED16;
import static dev.weir.sum.SumFormat.FIXED32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
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
      @ForAll SumFormat format,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 700) int length,
      @ForAll @IntRange(min = 1, max = 20) int shards) {
    Random random = new Random(seed);
    SumRule rule = new SumRule(format, shards, seed);
    BlockExponents exponents = exponents(format, random, length);
    float[][] gradients = new float[shards][];
    List<Integer> order = new ArrayList<>();
    int[] inOrder = new int[length];
    for (int shard = 0; shard < shards; shard++) {
      gradients[shard] = fitting(random, exponents, rule);
      order.add(shard);
      assertThat(FixedPoint.quantize(gradients[shard], exponents, rule, 9, shard, inOrder).isOk())
          .isTrue();
    }
    Collections.shuffle(order, random);
    int[][] groups = new int[3][length];
    for (int shard : order) {
      int[] group = groups[random.nextInt(3)];
      FixedPoint.quantize(gradients[shard], exponents, rule, 9, shard, group);
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
  void aVectorMayBeAddedPieceByPiece(
      @ForAll SumFormat format,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 700) int length) {
    Random random = new Random(seed);
    SumRule rule = new SumRule(format, 3, seed);
    BlockExponents exponents = exponents(format, random, length);
    float[] gradient = fitting(random, exponents, rule);
    int[] whole = new int[length];
    FixedPoint.quantize(gradient, exponents, rule, 4, 1, whole);

    int[] pieces = new int[length];
    for (int to = length; to > 0; ) {
      int from = random.nextInt(to);
      float[] known = gradient.clone();
      Arrays.fill(known, 0, from, Float.NaN);
      assertThat(FixedPoint.quantize(known, exponents, rule, 4, 1, pieces, from, to).isOk())
          .isTrue();
      to = from;
    }
    assertThat(pieces).containsExactly(whole);
  }

  @Test
  void ofAPieceOnlyItsOwnValuesCount() {
    float[] gradient = new float[5];
    gradient[1] = Float.NaN;
    gradient[3] = Float.POSITIVE_INFINITY;
    SumRule rule = new SumRule(FIXED32, 1, 0);
    BlockExponents exponents = exponents(FIXED32, new Random(1), 5);
    int[] sums = new int[5];

    assertThat(FixedPoint.quantize(gradient, exponents, rule, 0, 0, sums, 4, 5).isOk()).isTrue();
    assertThat(FixedPoint.quantize(gradient, exponents, rule, 0, 0, sums, 2, 4))
        .isEqualTo(new Quantization(Quantization.Outcome.NON_FINITE, 3));
    assertThat(FixedPoint.quantize(gradient, exponents, rule, 0, 0, sums, 0, 1).isOk()).isTrue();
    assertThatThrownBy(() -> FixedPoint.quantize(gradient, exponents, rule, 0, 0, sums, 4, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Property(tries = 200)
  void theErrorIsAtMostHalfAUnitPerShardAndAWholeOneIfItIsRandom(
      @ForAll SumFormat format,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int shards) {
    Random random = new Random(seed);
    int length = 300;
    SumRule rule = new SumRule(format, shards, seed);
    BlockExponents exponents = exponents(format, random, length);
    double[] exact = new double[length];
    int[] sums = new int[length];
    for (int shard = 0; shard < shards; shard++) {
      float[] gradient = fitting(random, exponents, rule);
      FixedPoint.quantize(gradient, exponents, rule, 0, shard, sums);
      for (int i = 0; i < length; i++) {
        exact[i] += gradient[i];
      }
    }
    float[] reduced = new float[length];
    FixedPoint.dequantize(sums, exponents, shards, reduced);
    for (int i = 0; i < length; i++) {
      double unit = exponents.unit(i / BlockExponents.BLOCK, shards);
      double most = unit * shards * (format == FIXED32 ? 0.5 : 1);
      assertThat(sums[i] * unit - exact[i]).isBetween(-most, most);
      assertThat(reduced[i]).isEqualTo((float) (sums[i] * unit));
    }
  }

  @Property(tries = 500)
  void aValueOverflowsExactlyIfItRoundsToMoreUnitsThanAShardMayUse(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 65536) int shards) {
    Random random = new Random(seed);
    BlockExponents exponents = exponents(FIXED32, random, 1);
    double unit = exponents.unit(0, shards);
    long most = Integer.MAX_VALUE >> (31 - FIXED32.valueBits(shards));
    float value = (float) ((most + 0.5) * unit);
    for (int i = 0; i < 3; i++) {
      value = Math.nextDown(value);
    }
    for (int i = 0; i < 6 && Float.isFinite(value); i++, value = Math.nextUp(value)) {
      int[] sums = new int[1];
      float signed = random.nextBoolean() ? value : -value;
      Quantization result =
          FixedPoint.quantize(new float[] {signed}, exponents, exact(shards), 0, 0, sums);
      double rounded = Math.rint(signed / unit);
      assertThat(result.isOk()).isEqualTo(Math.abs(rounded) <= most);
      assertThat((double) sums[0]).isEqualTo(result.isOk() ? rounded : 0);
    }
  }

  @Property(tries = 100)
  void noSumOfAllShardsLeavesTheIntegers(@ForAll @IntRange(min = 1, max = 65536) int shards) {
    BlockExponents exponents = BlockExponents.initial(FIXED32, 1);
    double unit = exponents.unit(0, shards);
    float most = (float) (exponents.most(shards) * unit * 0.9999999);
    int[] sums = new int[1];
    FixedPoint.quantize(new float[] {-most}, exponents, exact(shards), 0, 0, sums);
    long whole = (long) sums[0] * shards;
    assertThat(whole).isBetween(-(1L << 31), -1L);
  }

  @Property(tries = 200)
  void noSumOfAllShardsLeavesSixteenBits(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 128) int shards) {
    BlockExponents exponents = exponents(FIXED16, new Random(seed), 1);
    SumRule rule = new SumRule(FIXED16, shards, seed);
    float most = (float) (exponents.most(shards) * exponents.unit(0, shards));
    int[] sums = new int[2];
    for (int shard = 0; shard < shards; shard++) {
      BlockExponents both = BlockExponents.of(FIXED16, 2, new int[] {exponents.range(0)});
      float[] largest = {most, -Math.nextDown(most)};
      assertThat(FixedPoint.quantize(largest, both, rule, 4, shard, sums).isOk()).isTrue();
      float[] tooLarge = {0, Math.nextUp(most)};
      assertThat(FixedPoint.quantize(tooLarge, both, rule, 4, shard, new int[2]))
          .isEqualTo(new Quantization(Quantization.Outcome.OVERFLOW, 1));
    }
    assertThat(sums[0]).isEqualTo(exponents.most(shards) * shards).isLessThan(1 << 15);
    assertThat(sums[1]).isBetween(-sums[0], -sums[0] + shards);
    int[] travelled = sums.clone();
    FIXED16.wrap(travelled, 0, 2);
    assertThat(travelled).containsExactly(sums);
  }

  @Test
  void tiesRoundToEven() {
    BlockExponents exponents = BlockExponents.of(FIXED32, 5, new int[] {31});
    int[] sums = new int[5];
    float[] gradient = {0.5f, 1.5f, -2.5f, 2.500001f, -0f};
    FixedPoint.quantize(gradient, exponents, exact(1), 0, 0, sums);
    assertThat(sums).containsExactly(0, 2, -2, 3, 0);
  }

  @Test
  void whatIsNotFiniteIsFoundFirst() {
    BlockExponents exponents = BlockExponents.initial(FIXED32, 1000);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] gradient = new float[1000];
      gradient[300] = 17;
      gradient[301] = -17;
      int[] sums = new int[1000];
      assertThat(FixedPoint.quantize(gradient, exponents, exact(4), 0, 0, sums))
          .isEqualTo(new Quantization(Quantization.Outcome.OVERFLOW, 300));
      gradient[900] = bad;
      gradient[999] = bad;
      assertThat(FixedPoint.quantize(gradient, exponents, exact(4), 0, 0, sums))
          .isEqualTo(new Quantization(Quantization.Outcome.NON_FINITE, 900));
      assertThat(sums).containsOnly(0);
    }
  }

  @Test
  void theWidestExponentsTakeEveryFiniteFloat() {
    float[] extremes = {Float.MAX_VALUE, -Float.MAX_VALUE};
    for (SumFormat format : SumFormat.values()) {
      BlockExponents widest = BlockExponents.initial(format, 2).widen(Integer.MAX_VALUE);
      for (int shards : new int[] {1, 8, format.maxShards()}) {
        SumRule rule = new SumRule(format, shards, 0);
        assertThat(FixedPoint.quantize(extremes, widest, rule, 0, 0, new int[2]).isOk()).isTrue();
      }
    }
  }

  @Test
  void lengthsMustFit() {
    BlockExponents exponents = BlockExponents.initial(FIXED32, 3);
    assertThatThrownBy(
            () -> FixedPoint.quantize(new float[2], exponents, exact(1), 0, 0, new int[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> FixedPoint.quantize(new float[3], exponents, exact(1), 0, 0, new int[4]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FixedPoint.add(new int[3], 1, new int[3], 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> exact(65_537)).isInstanceOf(IllegalArgumentException.class);
  }

  private static SumRule exact(int shards) {
    return new SumRule(FIXED32, shards, 0);
  }

  private static BlockExponents exponents(SumFormat format, Random random, int length) {
    int[] ranges = new int[BlockExponents.blocks(length)];
    for (int block = 0; block < ranges.length; block++) {
      ranges[block] = random.nextInt(-120, 120);
    }
    return BlockExponents.of(format, length, ranges);
  }

  /** Values of all magnitudes that fit, up to the largest. */
  private static float[] fitting(Random random, BlockExponents exponents, SumRule rule) {
    double most = exponents.most(rule.shards());
    float[] gradient = new float[exponents.length()];
    for (int i = 0; i < gradient.length; i++) {
      int block = i / BlockExponents.BLOCK;
      double units = most * Math.scalb(random.nextDouble(-2, 2), -random.nextInt(31));
      gradient[i] =
          (float)
              (Math.max(-most, Math.min(most, units))
                  * exponents.unit(block, rule.shards())
                  * 0.999);
    }
    return gradient;
  }
}
