package dev.weir.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncodedExamplesTest {
  private final EncodedExamples examples =
      EncodedExamples.of(
          new int[][] {{1, 2, 3}, {4}, {5, 6}, {7}, {8, 9, 10, 11}}, new int[] {0, 1, 0, 2, 1});

  @Test
  void batchKeepsTheOrderOfTheIndices() {
    LabelledBatch batch = examples.batch(2, 1);
    assertThat(batch.labels()).containsExactly(0, 1);
    assertThat(batch.tokens().tokens()).containsExactly(5, 6, 4, 0);
  }

  @Test
  void batchesByLengthGoFromShortToLongWithTiesInOrder() {
    assertThat(examples.batchesByLength(2))
        .containsExactly(new int[] {1, 3}, new int[] {2, 0}, new int[] {4});
    assertThat(examples.batchesByLength(new int[] {4, 3, 1}, 2))
        .containsExactly(new int[] {3, 1}, new int[] {4});
  }

  @Test
  void shardsOfAStepHoldItsSamplesOnce() {
    var batches = new ShardBatches(examples, 3, 5, 2);
    List<Integer> labels =
        IntStream.range(0, 2)
            .flatMap(shard -> IntStream.of(batches.batch(0, shard).labels()))
            .boxed()
            .toList();
    assertThat(labels).containsExactlyInAnyOrder(0, 1, 0, 2, 1);
    assertThat(batches.batch(0, 1).tokens().length()).isEqualTo(4);
    assertThat(batches.epoch(1)).isOne();
  }

  @Test
  void refusesLabelsThatDoNotMatchTheSequences() {
    assertThatThrownBy(() -> EncodedExamples.of(new int[][] {{1}}, new int[] {0, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 sequences and 2 labels");
  }
}
