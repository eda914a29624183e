package dev.weir.model;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;

/** Reads gradients where they are, for an engine that computes in the host's memory. */
final class HostGather implements GradientGather {
  private final SampledProduct products = new SampledProduct();
  private float[] taken = new float[0];
  private float[] copy = new float[0];

  @Override
  public void begin(float[] values) {
    taken = values;
  }

  @Override
  public void whole(SelectedValues selected, NDArray gradient) {
    FloatBuffer view = Parameter.view(gradient);
    int[] positions = selected.positions();
    if (positions == null) {
      view.get(0, taken, selected.first(), selected.count());
      return;
    }
    for (int i = 0; i < positions.length; i++) {
      taken[selected.first() + i] = view.get(positions[i]);
    }
  }

  @Override
  public void product(SelectedValues selected, NDArray gradient, NDArray input) {
    products.multiply(selected, Parameter.view(gradient), Parameter.view(input), taken);
  }

  @Override
  public void lookUp(SelectedValues selected, NDArray gradient, int[] tableRows) {
    FloatBuffer view = Parameter.view(gradient);
    int size = view.remaining();
    copy = copy.length < size ? new float[size] : copy;
    view.get(0, copy, 0, size);
    LookUpGradient.sum(selected, copy, 0, tableRows, taken);
  }

  @Override
  public void finish() {
    // It is there already.
  }

  @Override
  public void close() {
    // Everything it holds is the garbage collector's.
  }
}
