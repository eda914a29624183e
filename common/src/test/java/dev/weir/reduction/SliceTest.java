package dev.weir.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SliceTest {
  @Property(tries = 300)
  void lengthsAreThoseOfTheChunksThatAreOwned(
      @ForAll @IntRange(min = 1, max = 400) int values,
      @ForAll @IntRange(min = 1, max = 50) int chunkLength,
      @ForAll @IntRange(min = 1, max = 9) int owners) {
    int[] lengths = new int[owners];
    for (int offset = 0; offset < values; offset += chunkLength) {
      int owner = Slice.owner(offset / chunkLength, owners);
      lengths[owner] += Math.min(chunkLength, values - offset);
    }
    for (int owner = 0; owner < owners; owner++) {
      assertThat(Slice.length(values, chunkLength, owner, owners)).isEqualTo(lengths[owner]);
    }
  }
}
