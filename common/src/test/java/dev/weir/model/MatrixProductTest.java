package dev.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MatrixProductTest {

  @Property(tries = 60)
  void everyRoutineGivesTheProduct(
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 70) int in,
      @ForAll @IntRange(min = 1, max = 70) int out,
      @ForAll boolean withBias,
      @ForAll long seed) {
    try (NDManager manager = TorchEngine.start(1).newBaseManager()) {
      Random random = new Random(seed);
      float[] a = Models.values(random, rows * in);
      float[] b = Models.values(random, in * out);
      float[] bias = withBias ? Models.values(random, out) : null;
      NDArray left = manager.create(a, new Shape(rows, in));
      NDArray right = manager.create(b, new Shape(in, out));
      NDArray last = bias == null ? null : manager.create(bias);
      for (MatrixProduct product :
          new MatrixProduct[] {MatrixProduct.on(manager), new DefaultProduct()}) {
        NDArray result = product.multiply(left, right, last);
        assertThat(result.getShape()).isEqualTo(new Shape(rows, out));
        assertThat(result.getManager()).isSameAs(manager);
        check(result.toFloatArray(), a, b, bias, in);
      }
    }
  }

  @Test
  void nothingIsLeftWithTheWeights() {
    try (NDManager weights = TorchEngine.start(1).newBaseManager()) {
      NDArray b = weights.ones(new Shape(3, 2));
      NDArray bias = weights.ones(new Shape(2));
      List<MatrixProduct> products = List.of(MatrixProduct.on(weights), new DefaultProduct());
      int before = weights.getManagedArrays().size();
      for (MatrixProduct product : products) {
        try (NDManager scratch = weights.newSubManager()) {
          product.multiply(scratch.ones(new Shape(4, 3)), b, bias);
          product.multiply(scratch.ones(new Shape(4, 3)), b, null);
        }
      }
      assertThat(weights.getManagedArrays()).hasSize(before);
    }
  }

  private static void check(float[] result, float[] a, float[] b, float @Nullable [] bias, int in) {
    int out = b.length / in;
    for (int at = 0; at < result.length; at++) {
      double sum = bias == null ? 0 : bias[at % out];
      for (int i = 0; i < in; i++) {
        sum += (double) a[at / out * in + i] * b[i * out + at % out];
      }
      assertThat((double) result[at]).isCloseTo(sum, within(1e-4));
    }
  }
}
