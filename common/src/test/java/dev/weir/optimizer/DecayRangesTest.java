package dev.weir.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DecayRangesTest {
  @Property(tries = 200)
  void exactlyTheValuesOfMatricesDecay(@ForAll long seed) {
    Random random = new Random(seed);
    var builder = ParameterLayout.builder();
    for (int i = 0; i < 6; i++) {
      if (random.nextBoolean()) {
        builder.add("p" + i, 3);
      } else {
        builder.add("p" + i, 1, 3);
      }
    }
    ParameterLayout layout = builder.build();
    int[] coordinates =
        random.ints(random.nextInt(18), 0, layout.size()).sorted().distinct().toArray();
    Mask mask = Mask.of(layout, coordinates);
    DecayRanges ranges = DecayRanges.of(mask);
    assertThat(ranges.size()).isEqualTo(mask.size());
    int position = 0;
    for (int range = 0; range < ranges.count(); range++) {
      assertThat(ranges.start(range)).isEqualTo(position);
      for (; position < ranges.end(range); position++) {
        ParameterSpec parameter = mask.parameterAt(position);
        assertThat(ranges.decays(range)).isEqualTo(!parameter.isVector());
      }
    }
    assertThat(position).isEqualTo(mask.size());
  }
}
