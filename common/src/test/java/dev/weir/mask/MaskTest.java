package dev.weir.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.parameter.ParameterLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaskTest {
  private final ParameterLayout layout =
      ParameterLayout.builder().add("a", 2, 3).add("b", 4).add("c", 1).add("d", 2, 2).build();

  @Test
  void selectionsTakeTheirSimplestForm() {
    Mask mask = Mask.of(layout, 1, 4, 10, 11, 12, 13, 14);
    assertThat(mask.selection(0)).isInstanceOf(Selection.Indices.class);
    assertThat(((Selection.Indices) mask.selection(0)).array()).containsExactly(1, 4);
    assertThat(mask.selection(1)).isEqualTo(new Selection.None());
    assertThat(mask.selection(2)).isEqualTo(new Selection.All(1));
    assertThat(mask.selection(3)).isEqualTo(new Selection.All(4));
  }

  @Test
  void valuesOfAParameterStartWhereThoseBeforeItEnd() {
    Mask mask = Mask.of(layout, 1, 4, 11, 13);
    assertThat(IntStream.rangeClosed(0, 4).map(mask::start)).containsExactly(0, 2, 2, 2, 4);
    assertThat(mask.size()).isEqualTo(4);
    assertThat(mask.density()).isEqualTo(4.0 / 15);
  }

  @Test
  void everyPositionKnowsItsParameter() {
    Mask mask = Mask.of(layout, 1, 4, 10, 13);
    assertThat(IntStream.range(0, 4).mapToObj(i -> mask.parameterAt(i).name()))
        .containsExactly("a", "a", "c", "d");
    assertThatThrownBy(() -> mask.parameterAt(4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theFullSetIsTheDenseMask() {
    Mask full = Mask.of(layout, IntStream.range(0, 15).toArray());
    assertThat(full).isEqualTo(Mask.dense(layout)).hasSameHashCodeAs(Mask.dense(layout));
    assertThat(full.digest()).isEqualTo(Mask.dense(layout).digest());
  }

  @Test
  void coordinatesAreAscendingAndInsideTheLayout() {
    assertThatThrownBy(() -> Mask.of(layout, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Mask.of(layout, 2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Mask.of(layout, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Mask.of(layout, 15)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 200)
  void aMaskHoldsExactlyTheCoordinatesItWasMadeOf(@ForAll long seed) {
    int[] coordinates = subset(new Random(seed));
    Mask mask = Mask.of(layout, coordinates);
    assertThat(mask.indices()).containsExactly(coordinates);
    assertThat(Mask.of(layout, mask.indices())).isEqualTo(mask);
  }

  @Property(tries = 200)
  void masksAreEqualAndHaveTheSameDigestIfAndOnlyIfTheirSetsAreEqual(
      @ForAll @IntRange(max = 20) int seed, @ForAll @IntRange(max = 20) int other) {
    int[] one = subset(new Random(seed));
    int[] two = subset(new Random(other));
    boolean same = Arrays.equals(one, two);
    Mask first = Mask.of(layout, one);
    Mask second = Mask.of(layout, two);
    assertThat(first.equals(second)).isEqualTo(same);
    assertThat(first.digest().equals(second.digest())).isEqualTo(same);
  }

  private int[] subset(Random random) {
    return BitSet.valueOf(new long[] {random.nextInt(1 << 15)}).stream().toArray();
  }
}
