package dev.weir.reduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.sum.SumFormat;
import dev.weir.wire.ValueChunk;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StepReductionTest {
  /** One chunk of the sum of some shards, on its way. */
  private record Delivery(BitSet shards, ValueChunk chunk) {}

  @Property(tries = 300)
  void sumsAreTheSameForAnyGroupingOrderRepetitionAndLoss(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int shards,
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 16) int chunkLength) {
    Random random = new Random(seed);
    int[][] gradients = gradients(random, shards, length);
    StepReduction reduction = new StepReduction(length, chunkLength, shards, SumFormat.FIXED32);
    List<Delivery> deliveries = new ArrayList<>();
    for (BitSet group : randomPartition(random, shards)) {
      deliveries.addAll(chunks(gradients, group, length, chunkLength));
    }
    // Some of it arrives twice, and each shard is also delivered by somebody who makes it anew.
    deliveries.addAll(List.copyOf(deliveries.subList(0, random.nextInt(deliveries.size() + 1))));
    java.util.Collections.shuffle(deliveries, random);
    for (int shard = 0; shard < shards; shard++) {
      deliveries.addAll(
          chunks(gradients, BitSet.valueOf(new long[] {1L << shard}), length, chunkLength));
    }

    deliveries.forEach(delivery -> reduction.add(delivery.shards(), delivery.chunk()));

    assertThat(reduction.isComplete()).isTrue();
    assertThat(reduction.sums()).isEqualTo(sum(gradients, length));
  }

  @Test
  void aWorkerLostInTheMiddleIsReplacedShardByShard() {
    int[][] gradients = gradients(new Random(1), 2, 4);
    StepReduction reduction = new StepReduction(4, 2, 2, SumFormat.FIXED32);
    BitSet both = BitSet.valueOf(new long[] {3});
    reduction.add(both, chunks(gradients, both, 4, 2).get(0).chunk());

    for (int shard = 0; shard < 2; shard++) {
      BitSet one = BitSet.valueOf(new long[] {1L << shard});
      List<Delivery> again = chunks(gradients, one, 4, 2);
      assertThat(reduction.add(one, again.get(0).chunk())).isEqualTo(StepReduction.Outcome.DROPPED);
      reduction.add(one, again.get(1).chunk());
    }

    assertThat(reduction.isComplete()).isTrue();
    assertThat(reduction.sums()).isEqualTo(sum(gradients, 4));
  }

  @Test
  void deliveredAreTheShardsThatEveryChunkHolds() {
    StepReduction reduction = new StepReduction(4, 2, 3, SumFormat.FIXED32);
    BitSet one = BitSet.valueOf(new long[] {2});
    reduction.add(one, new ValueChunk(0, 0, 0, new int[2], 0, 2, SumFormat.FIXED32));
    assertThat(reduction.delivered().isEmpty()).isTrue();

    reduction.add(one, new ValueChunk(0, 0, 2, new int[2], 0, 2, SumFormat.FIXED32));
    assertThat(reduction.delivered()).isEqualTo(one);
  }

  @Test
  void chunksThatDoNotFitAreRefused() {
    StepReduction reduction = new StepReduction(10, 4, 1, SumFormat.FIXED32);
    BitSet one = BitSet.valueOf(new long[] {1});
    for (int[] offsetAndLength : new int[][] {{1, 4}, {-4, 4}, {8, 4}, {12, 4}, {0, 3}}) {
      ValueChunk chunk =
          new ValueChunk(
              0, 0, offsetAndLength[0], new int[8], 0, offsetAndLength[1], SumFormat.FIXED32);
      assertThatThrownBy(() -> reduction.add(one, chunk))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("10 values in chunks of 4");
    }
  }

  private static int[][] gradients(Random random, int shards, int length) {
    int[][] gradients = new int[shards][length];
    for (int[] gradient : gradients) {
      for (int i = 0; i < length; i++) {
        gradient[i] = random.nextInt();
      }
    }
    return gradients;
  }

  private static List<BitSet> randomPartition(Random random, int shards) {
    List<BitSet> groups = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      if (groups.isEmpty() || random.nextBoolean()) {
        groups.add(new BitSet());
      }
      groups.get(random.nextInt(groups.size())).set(shard);
    }
    return groups.stream().filter(group -> !group.isEmpty()).toList();
  }

  private static List<Delivery> chunks(
      int[][] gradients, BitSet shards, int length, int chunkLength) {
    int[] sums = new int[length];
    shards.stream().forEach(shard -> add(sums, gradients[shard]));
    List<Delivery> chunks = new ArrayList<>();
    for (int offset = 0; offset < length; offset += chunkLength) {
      int size = Math.min(chunkLength, length - offset);
      chunks.add(
          new Delivery(
              shards, new ValueChunk(0, 0, offset, sums, offset, size, SumFormat.FIXED32)));
    }
    return chunks;
  }

  private static int[] sum(int[][] gradients, int length) {
    int[] sums = new int[length];
    for (int[] gradient : gradients) {
      add(sums, gradient);
    }
    return sums;
  }

  private static void add(int[] into, int[] from) {
    for (int i = 0; i < into.length; i++) {
      into[i] += from[i];
    }
  }
}
