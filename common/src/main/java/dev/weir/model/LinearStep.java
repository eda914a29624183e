package dev.weir.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/** What a backward pass has to do for a linear layer that is off the tape. */
final class LinearStep {
  private final Linear layer;
  private final @Nullable SelectedValues weight;
  private final @Nullable SelectedValues bias;
  private final NDArray x;
  private final NDArray y;
  private final boolean descends;
  private @Nullable NDArray gradient;

  /**
   * @param weight what is selected of the layer's weight, if anything
   * @param bias what is selected of its bias, if anything
   * @param x {@code [rows, in]}
   * @param y {@code [rows, out]}, a leaf
   * @param descends whether the backward pass goes on below x
   */
  LinearStep(
      Linear layer,
      @Nullable SelectedValues weight,
      @Nullable SelectedValues bias,
      NDArray x,
      NDArray y,
      boolean descends) {
    this.layer = layer;
    this.weight = weight;
    this.bias = bias;
    this.x = x;
    this.y = y;
    this.descends = descends;
  }

  /** How much of the masked vector ends with this layer: 0 if it has no part in it. */
  int end() {
    SelectedValues last = bias != null ? bias : weight;
    return last == null ? 0 : last.end();
  }

  /**
   * Goes on from y, whose gradient is known, to x.
   *
   * @param input the array that the layer's block begins with, a leaf: what reads it adds to its
   *     gradient
   */
  void backward(@Nullable NDArray input) {
    gradient = y.getGradient();
    if (!descends) {
      return;
    }
    NDArray below = layer.inputGradient(gradient);
    if (x == input) {
      x.getGradient().addi(below);
    } else {
      TorchEngine.backward(x, below);
    }
  }

  /** Computes the selected elements of the weight's gradient. */
  void multiply(GradientGather gather) {
    if (weight != null) {
      gather.product(weight, known(), x);
    }
  }

  /** Hands over the bias's gradient. */
  void handOver(GradientGather gather) {
    if (bias != null) {
      gather.whole(bias, known().sum(new int[] {0}));
    }
  }

  private NDArray known() {
    if (gradient == null) {
      throw new IllegalStateException("the backward pass has not come here yet");
    }
    return gradient;
  }
}
