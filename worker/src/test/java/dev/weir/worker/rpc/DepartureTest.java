package dev.weir.worker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sum.SumFormat;
import dev.weir.wire.ValueChunk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DepartureTest {
  private static final int VALUES = 10;
  private static final int CHUNK = 4;

  private final int[] sums = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  private final Gate gate = new Gate();
  private final Departure departure =
      new Departure(
          new Instruction.Compute(1, 7, 2, 0, List.of(0)), gate, VALUES, CHUNK, SumFormat.FIXED32);

  @Test
  void chunksLeaveFromTheEndAsFarAsTheyAreKnown() throws InterruptedException {
    departure.advance(sums, 9);
    assertThat(gate.passed).isEmpty();
    departure.advance(sums, 5);
    assertThat(gate.passed).containsExactly("2: 8 9");
    departure.advance(sums, 4);
    assertThat(gate.passed).containsExactly("2: 8 9", "1: 4 5 6 7");
    departure.finish(sums);
    assertThat(gate.passed).containsExactly("2: 8 9", "1: 4 5 6 7", "0: 0 1 2 3");
  }

  @Test
  void theFirstChunkWaitsUntilTheSumsAreKnownToBeGood() {
    departure.advance(sums, 0);
    assertThat(gate.passed).containsExactly("2: 8 9", "1: 4 5 6 7");
  }

  @Test
  void whatFindsNoRoomIsSentInTheEnd() throws InterruptedException {
    gate.open = false;
    departure.advance(sums, 0);
    assertThat(gate.passed).isEmpty();
    departure.finish(sums);
    assertThat(gate.passed).hasSize(3);
    assertThat(gate.waited).isEqualTo(3);
  }

  private static final class Gate implements Way {
    private final List<String> passed = new ArrayList<>();
    private boolean open = true;
    private int waited;

    @Override
    public boolean isReady(int index) {
      return open;
    }

    @Override
    public void awaitReady(int index) {
      waited++;
    }

    @Override
    public void send(int index, ValueChunk chunk) {
      int[] values = new int[chunk.length()];
      chunk.copyTo(values, 0);
      StringBuilder text = new StringBuilder(index + ":");
      for (int value : values) {
        text.append(' ').append(value);
      }
      passed.add(text.toString());
    }
  }
}
