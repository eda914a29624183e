package dev.weir.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a backward pass has to do for a linear layer that is off the tape.
 *
 * @param weight what is selected of the layer's weight, if anything
 * @param bias what is selected of its bias, if anything
 * @param x {@code [rows, in]}
 * @param y {@code [rows, out]}, a leaf
 * @param descends whether the backward pass goes on below x
 */
record LinearStep(
    Linear layer,
    @Nullable SelectedValues weight,
    @Nullable SelectedValues bias,
    NDArray x,
    NDArray y,
    boolean descends) {

  /** How much of the masked vector ends with this layer: 0 if it has no part in it. */
  int end() {
    SelectedValues last = bias != null ? bias : weight;
    return last == null ? 0 : last.end();
  }

  /**
   * Goes on from y, whose gradient is known, to what is selected and to x.
   *
   * @param input the array that the layer's block begins with, a leaf: what reads it adds to its
   *     gradient
   */
  void backward(@Nullable NDArray input, GradientGather gather) {
    NDArray gradient = y.getGradient();
    if (weight != null) {
      gather.product(weight, gradient, x);
    }
    if (bias != null) {
      gather.whole(bias, gradient.sum(new int[] {0}));
    }
    if (descends) {
      descend(layer.inputGradient(gradient), input);
    }
  }

  private void descend(NDArray gradient, @Nullable NDArray input) {
    if (x == input) {
      x.getGradient().addi(gradient);
    } else {
      TorchEngine.backward(x, gradient);
    }
  }
}
