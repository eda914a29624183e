package dev.weir.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.optimizer.Sgd;
import dev.weir.problem.UserException;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrainingStateCodecTest {
  private final TrainingState state = TrainingStateTest.trained(700, 9);
  private final byte[] bytes = TrainingStateCodec.encode(state);

  @Test
  void aStateComesBackWhole() {
    assertThat(TrainingStateCodec.size(state)).isEqualTo(bytes.length);
    TrainingState back = TrainingStateCodec.decode(bytes, "state", state.rule());
    assertThat(back.digest()).isEqualTo(state.digest());
    assertThat(back.fingerprint()).isEqualTo(state.fingerprint());
    assertThat(back.step()).isEqualTo(4);
    assertThat(back.consecutiveSkips()).isEqualTo(1);
    int[] sums = new Random(1).ints(700).map(sum -> sum >> 4).toArray();
    back.commit(0, sums);
    state.commit(0, sums);
    assertThat(back.digest()).isEqualTo(state.digest());
  }

  @Test
  void statesLargerThanAChunkComeBackWhole() {
    TrainingState large = TrainingStateTest.trained(150_000, 2);
    byte[] encoded = TrainingStateCodec.encode(large);
    assertThat(encoded.length).isLessThan(13 * 150_000);
    assertThat(TrainingStateCodec.decode(encoded, "state", large.rule()).digest())
        .isEqualTo(large.digest());
  }

  @Test
  void aStateOfAnotherJobIsRefusedWithBothSides() {
    UpdateRule other = TrainingStateTest.rule(new Sgd(0.9, true, 0), 700, 0);
    assertThatThrownBy(
            () ->
                TrainingStateCodec.read(
                    Channels.newChannel(new ByteArrayInputStream(bytes)), "x.state", other))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("x.state")
        .hasMessageContaining("2 moments")
        .hasMessageContaining("1 moments");
  }

  @Property(tries = 300)
  void anyFlippedBitIsNoticed(@ForAll @IntRange(min = 0) int place) {
    byte[] damaged = bytes.clone();
    damaged[place / 8 % bytes.length] ^= (byte) (1 << place % 8);
    assertThatThrownBy(() -> TrainingStateCodec.decode(damaged, "x.state", state.rule()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("x.state");
  }

  @Property(tries = 100)
  void anyOtherLengthIsNoticed(@ForAll @IntRange(min = 0, max = 20_000) int length) {
    if (length != bytes.length) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> TrainingStateCodec.decode(cut, "x.state", state.rule()))
          .isInstanceOf(UserException.class);
    }
  }
}
