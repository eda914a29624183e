package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.parameter.ParameterSpec;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SampledProductTest {

  @Property(tries = 200)
  void everySelectedElementIsThatOfTheWholeProduct(
      @ForAll @IntRange(min = 1, max = 20) int out,
      @ForAll @IntRange(min = 1, max = 30) int in,
      @ForAll @IntRange(min = 1, max = 20) int rowCount,
      @ForAll @IntRange(min = 0, max = 100) int percent,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] g = Models.values(random, rowCount * out);
    float[] x = Models.values(random, rowCount * in);
    int[] positions =
        IntStream.range(0, out * in).filter(i -> random.nextInt(100) < percent).toArray();
    SelectedValues selected =
        new SelectedValues(0, new ParameterSpec("w", List.of(out, in), 0, false), 3, positions);
    float[] result = new float[positions.length + 4];

    SampledProduct product = new SampledProduct();
    multiplyLarger(product, random);
    product.multiply(selected, FloatBuffer.wrap(g), FloatBuffer.wrap(x), result);

    for (int e = 0; e < positions.length; e++) {
      double sum = 0;
      int i = positions[e] / in;
      int j = positions[e] % in;
      for (int r = 0; r < rowCount; r++) {
        sum += (double) g[r * out + i] * x[r * in + j];
      }
      assertThat((double) result[3 + e]).isCloseTo(sum, within(1e-4));
    }
    assertThat(result[0] + result[1] + result[2] + result[positions.length + 3]).isZero();
  }

  /** Leaves its scratch memory larger than needed, and full. */
  private static void multiplyLarger(SampledProduct product, Random random) {
    ParameterSpec weight = new ParameterSpec("larger", List.of(32, 40), 0, false);
    SelectedValues whole = new SelectedValues(1, weight, 0, null);
    FloatBuffer g = FloatBuffer.wrap(Models.values(random, 64 * 32));
    FloatBuffer x = FloatBuffer.wrap(Models.values(random, 64 * 40));
    product.multiply(whole, g, x, new float[32 * 40]);
  }
}
