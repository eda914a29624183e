package dev.weir.model;

import ai.djl.ndarray.NDArray;

/**
 * Brings the selected values of a gradient to the host, in the order of the mask. One object serves
 * one selection; it keeps its scratch memory and index arrays between steps.
 *
 * <p>Every operand stays readable until {@link #finish}, which may come several times in a backward
 * pass, each time for what was taken since the last.
 */
interface GradientGather extends AutoCloseable {

  /**
   * Has what is taken from now on go to its places in {@code values}, of length k: by the next
   * {@link #finish} at the latest.
   */
  void begin(float[] values);

  /** Takes selected elements of a gradient that exists as a whole. */
  void whole(SelectedValues selected, NDArray gradient);

  /**
   * Takes selected elements (i, j) of the gradient of a linear layer's weight: Σᵣ g[r, i] · x[r,
   * j], computed there and nowhere else.
   *
   * @param gradient g = ∂L/∂y, {@code [rows, out]}
   * @param input x, {@code [rows, in]}
   */
  void product(SelectedValues selected, NDArray gradient, NDArray input);

  /**
   * Takes selected elements of the gradient of an embedding table.
   *
   * @param gradient ∂L/∂(looked up), {@code [rows, hidden]}
   * @param tableRows for each of the rows, the row of the table that was looked up
   */
  void lookUp(SelectedValues selected, NDArray gradient, int[] tableRows);

  /** Has what was taken be where it goes. */
  void finish();

  @Override
  void close();
}
