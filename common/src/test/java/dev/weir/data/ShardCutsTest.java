package dev.weir.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShardCutsTest {
  @Property(tries = 500)
  void noOtherCutsHaveACheaperDearestShard(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 30) Integer> unsorted,
      @ForAll @IntRange(min = 1, max = 9) int wanted) {
    int[] lengths = unsorted.stream().sorted().mapToInt(Integer::intValue).toArray();
    int shards = Math.min(wanted, lengths.length);

    int[] cuts = ShardCuts.of(lengths, shards);

    assertThat(cuts).hasSize(shards + 1).startsWith(0).endsWith(lengths.length);
    long dearest = 0;
    for (int shard = 0; shard < shards; shard++) {
      assertThat(cuts[shard + 1]).isGreaterThan(cuts[shard]);
      dearest = Math.max(dearest, cost(lengths, cuts[shard], cuts[shard + 1]));
    }
    assertThat(dearest).isEqualTo(best(lengths, 0, shards));
  }

  @Test
  void fewLongSamplesWeighAsMuchAsManyShortOnes() {
    assertThat(ShardCuts.of(new int[] {5, 5, 5, 5, 5, 5, 15, 15}, 2)).containsExactly(0, 6, 8);
  }

  private static long cost(int[] lengths, int from, int to) {
    return (long) (to - from) * lengths[to - 1];
  }

  /** By trying everything. */
  private static long best(int[] lengths, int from, int shards) {
    if (shards == 1) {
      return cost(lengths, from, lengths.length);
    }
    long best = Long.MAX_VALUE;
    for (int to = from + 1; to <= lengths.length - shards + 1; to++) {
      best = Math.min(best, Math.max(cost(lengths, from, to), best(lengths, to, shards - 1)));
    }
    return best;
  }
}
