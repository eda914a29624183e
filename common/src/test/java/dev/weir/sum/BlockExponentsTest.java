package dev.weir.sum;

import static dev.weir.sum.SumFormat.FIXED16;
import static dev.weir.sum.SumFormat.FIXED32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockExponentsTest {
  private static final int SHARDS = 8;

  @Test
  void aBlockIs256Values() {
    assertThat(BlockExponents.blocks(0)).isZero();
    assertThat(BlockExponents.blocks(256)).isEqualTo(1);
    assertThat(BlockExponents.blocks(257)).isEqualTo(2);
    assertThat(BlockExponents.blocks(Integer.MAX_VALUE)).isEqualTo(1 << 23);
    assertThat(BlockExponents.initial(FIXED32, 257).end(1)).isEqualTo(257);
  }

  @Property(tries = 300)
  void theNextRangeLeavesSixBitsAboveTheLargestSum(
      @ForAll long seed, @ForAll @IntRange(min = -100, max = 100) int range) {
    Random random = new Random(seed);
    BlockExponents exponents = BlockExponents.of(FIXED32, 10, new int[] {range});
    int[] sums = new int[10];
    sums[random.nextInt(10)] = random.nextInt() >> random.nextInt(31) | 1;
    double largest = 0;
    for (int sum : sums) {
      largest = Math.max(largest, Math.abs(sum * exponents.unit(0, SHARDS)));
    }
    int next = exponents.next(sums, SHARDS).range(0);
    assertThat(Math.scalb(1.0, next)).isGreaterThanOrEqualTo(64 * largest);
    if (next != range - 1) {
      assertThat(Math.scalb(1.0, next - 1)).isLessThanOrEqualTo(64 * largest);
    }
  }

  @Test
  void rangesRiseAtOnceAndFallByOneBit() {
    BlockExponents exponents = BlockExponents.of(FIXED32, 1, new int[] {0});
    assertThat(exponents.next(new int[] {1}, SHARDS).range(0)).isEqualTo(-1);
    assertThat(exponents.next(new int[] {Integer.MIN_VALUE / 2}, SHARDS).range(0)).isEqualTo(9);
  }

  @Test
  void blocksThatWereZeroStayReadyForValuesLikeTheOthers() {
    BlockExponents exponents = BlockExponents.of(FIXED32, 3 * 256, new int[] {0, 0, -60});
    int[] sums = new int[3 * 256];
    sums[0] = 1 << 27;
    sums[512] = 1;
    for (int step = 0; step < 100; step++) {
      BlockExponents next = exponents.next(sums, SHARDS);
      sums[0] = (int) Math.scalb((double) sums[0], exponents.range(0) - next.range(0));
      exponents = next;
    }
    assertThat(exponents.range(1)).isEqualTo(exponents.range(0) - 8);
    assertThat(exponents.range(2)).isEqualTo(exponents.range(0) - 20);
  }

  @Test
  void aSumOfNothingChangesNothing() {
    BlockExponents exponents = BlockExponents.initial(FIXED32, 1000);
    assertThat(exponents.next(new int[1000], SHARDS)).isEqualTo(exponents);
  }

  @Test
  void everyAttemptHasSixMoreBitsUntilEverythingFits() {
    BlockExponents exponents = BlockExponents.of(FIXED32, 300, new int[] {3, -100});
    assertThat(exponents.widen(0)).isSameAs(exponents);
    assertThat(exponents.widen(2)).isEqualTo(BlockExponents.of(FIXED32, 300, new int[] {15, -88}));
    assertThat(exponents.widen(30).range(0)).isEqualTo(BlockExponents.MAX_RANGE);
    assertThat(exponents.widen(30).widen(30).range(1)).isEqualTo(BlockExponents.MAX_RANGE);
  }

  @Property(tries = 200)
  void rangesStayInBounds(@ForAll long seed) {
    Random random = new Random(seed);
    BlockExponents exponents =
        BlockExponents.of(
            FIXED32,
            600,
            random.ints(3, BlockExponents.MIN_RANGE, BlockExponents.MAX_RANGE + 1).toArray());
    int[] sums = random.ints(600).map(sum -> sum >> random.nextInt(32)).toArray();
    BlockExponents next = exponents.widen(random.nextInt(3)).next(sums, 1 + random.nextInt(65536));
    for (int block = 0; block < next.blocks(); block++) {
      assertThat(next.range(block)).isBetween(BlockExponents.MIN_RANGE, BlockExponents.MAX_RANGE);
    }
  }

  @Test
  void rangesOfSixteenBitsLeaveThreeBitsAndFallHalfOfTheWay() {
    BlockExponents exponents = BlockExponents.of(FIXED16, 1, new int[] {0});
    assertThat(exponents.next(new int[] {1}, SHARDS).range(0)).isEqualTo(-4);
    assertThat(exponents.next(new int[] {1 << 7}, SHARDS).range(0)).isEqualTo(-1);
    assertThat(exponents.next(new int[] {1 << 11}, SHARDS).range(0)).isEqualTo(3);
    assertThat(exponents.next(new int[] {Short.MIN_VALUE}, SHARDS).range(0)).isEqualTo(7);
    assertThat(exponents.widen(2).range(0)).isEqualTo(8);
  }

  @Test
  void everyFormatStatesItsMostShards() {
    assertThat(FIXED32.maxShards()).isEqualTo(65_536);
    assertThat(FIXED16.maxShards()).isEqualTo(128);
    assertThat(FIXED32.valueBits(65_536)).isEqualTo(15);
    assertThat(FIXED16.valueBits(128)).isEqualTo(8);
    assertThat(FIXED16.valueBits(4)).isEqualTo(13);
    assertThat(FIXED16.valueBits(1)).isEqualTo(15);
    assertThatThrownBy(() -> new SumRule(FIXED16, 129, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rangesMustFitTheValues() {
    assertThatThrownBy(() -> BlockExponents.of(FIXED32, 257, new int[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlockExponents.of(FIXED32, 1, new int[] {130}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlockExponents.initial(FIXED32, 2).next(new int[1], 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
