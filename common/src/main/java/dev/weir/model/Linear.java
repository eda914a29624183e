package dev.weir.model;

import ai.djl.ndarray.NDArray;

/**
 * y = x·Wᵀ + b.
 *
 * @param weight W, {@code [out, in]}
 * @param transposed Wᵀ, {@code [in, out]}, always with the weight's values
 * @param bias b, {@code [out]}
 */
record Linear(Parameter weight, NDArray transposed, Parameter bias, MatrixProduct product) {

  /** y of {@code […, out]} for x of {@code […, in]}, off the tape. */
  NDArray apply(NDArray x) {
    return product.multiply(x, transposed, bias.array());
  }

  /** ∂L/∂x of {@code […, in]} for ∂L/∂y of {@code […, out]}. */
  NDArray inputGradient(NDArray gradient) {
    return product.multiply(gradient, weight.array(), null);
  }
}
