package dev.weir.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/** What the engine takes for every device: cuBLAS, MKL, or whatever it was built with. */
final class DefaultProduct implements MatrixProduct {

  @Override
  public NDArray multiply(NDArray a, NDArray b, @Nullable NDArray bias) {
    NDArray values = a.stopGradient();
    if (bias == null) {
      return values.matMul(b);
    }
    try (NDArray transposed = b.transpose()) { // Would live as long as b otherwise.
      return Functions.linear(values, transposed, bias);
    }
  }
}
