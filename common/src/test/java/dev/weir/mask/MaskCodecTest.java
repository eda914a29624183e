package dev.weir.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.parameter.LayoutBuilder;
import dev.weir.parameter.ParameterLayout;
import dev.weir.problem.UserException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MaskCodecTest {
  private static final ParameterLayout LAYOUT =
      ParameterLayout.builder()
          .add("a", 30, 40)
          .add("b", 40)
          .add("c", 7, 3)
          .addFresh("d", 2)
          .add("e", 1)
          .build();

  private static final byte[] SAMPLE = MaskCodec.encode(Masks.random(LAYOUT, 150, 1));

  @Property(tries = 300)
  void aMaskComesBack(@ForAll long seed, @ForAll @IntRange(min = 2, max = 1264) int k) {
    Mask mask = Masks.random(LAYOUT, k, seed);
    byte[] encoded = MaskCodec.encode(mask);
    assertThat(MaskCodec.decode(LAYOUT, encoded, "mask")).isEqualTo(mask);
  }

  @Test
  void clusteredMasksAndExtremesComeBack() {
    int[] clustered = {0, 1, 2, 1198, 1199, 1200, 1239, 1261};
    for (Mask mask :
        new Mask[] {
          Mask.of(LAYOUT), Mask.dense(LAYOUT), Masks.bitfit(LAYOUT), Mask.of(LAYOUT, clustered)
        }) {
      assertThat(MaskCodec.decode(LAYOUT, MaskCodec.encode(mask), "mask")).isEqualTo(mask);
    }
  }

  @Test
  void anIndexOfARandomHalfPercentTakesAtMost1Point3Bytes() {
    LayoutBuilder builder = ParameterLayout.builder().add("embeddings", 30_522, 64);
    for (int layer = 0; layer < 20; layer++) {
      builder.add("layer." + layer + ".weight", 384, 384).add("layer." + layer + ".bias", 384);
    }
    ParameterLayout layout = builder.build();
    Mask mask = Masks.random(layout, Masks.budget(layout, 0.005), 3);
    byte[] encoded = MaskCodec.encode(mask);
    assertThat(encoded.length / (double) mask.size()).isLessThan(1.3);
    assertThat(MaskCodec.decode(layout, encoded, "mask")).isEqualTo(mask);
  }

  @Test
  void aMaskOfAnotherLayoutIsRefusedWithBothDigests() {
    ParameterLayout other = ParameterLayout.builder().add("a", 1264).build();
    assertThatThrownBy(() -> MaskCodec.decode(other, SAMPLE, "mask"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("mask: ")
        .hasMessageContaining(LAYOUT.digest())
        .hasMessageContaining(other.digest());
  }

  @Property(tries = 1000)
  void anyFlippedBitIsNoticed(@ForAll @IntRange(min = 0) int place) {
    byte[] damaged = SAMPLE.clone();
    damaged[place / 8 % damaged.length] ^= (byte) (1 << place % 8);
    assertRefused(damaged);
  }

  @Test
  void anyOtherLengthIsNoticed() {
    for (int length = 0; length < SAMPLE.length + 3; length++) {
      if (length != SAMPLE.length) {
        assertRefused(Arrays.copyOf(SAMPLE, length));
      }
    }
  }

  @Property(tries = 1000)
  void hostileBytesAreRefused(@ForAll long seed, @ForAll @Size(max = 60) byte[] noise) {
    byte[] hostile = SAMPLE.clone();
    int at = 48 + new Random(seed).nextInt(SAMPLE.length - 48);
    System.arraycopy(noise, 0, hostile, at, Math.min(noise.length, hostile.length - at));
    if (!Arrays.equals(hostile, SAMPLE)) {
      assertRefused(hostile);
    }
  }

  private static void assertRefused(byte[] encoded) {
    assertThatThrownBy(() -> MaskCodec.decode(LAYOUT, encoded, "mask"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("mask: ");
  }
}
