package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;

/**
 * The product of two matrices that lie in memory row by row, by the fastest routine that the engine
 * has for them. It is off the tape: what it puts out is a leaf, if anything.
 */
interface MatrixProduct {

  /**
   * a·b + bias.
   *
   * @param a {@code […, in]}
   * @param b {@code [in, out]}
   * @param bias {@code [out]}, or null for none
   * @return {@code […, out]}, of the manager of {@code a}
   */
  NDArray multiply(NDArray a, NDArray b, @Nullable NDArray bias);

  /** The one for the device of {@code manager}, which owns what it needs. */
  static MatrixProduct on(NDManager manager) {
    return OneDnnProduct.fits(manager) ? new OneDnnProduct(manager) : new DefaultProduct();
  }
}
