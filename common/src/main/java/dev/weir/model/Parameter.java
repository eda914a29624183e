package dev.weir.model;

import ai.djl.ndarray.NDArray;
import dev.weir.parameter.ParameterSpec;
import java.nio.FloatBuffer;

/**
 * A parameter and its values in the engine's memory.
 *
 * @param index its place in the layout
 * @param array float32, of the parameter's shape; never requires a gradient itself
 */
record Parameter(int index, ParameterSpec spec, NDArray array) {

  /** The values, in the host's memory: a view where they are there already, else a copy. */
  FloatBuffer view() {
    return view(array);
  }

  /** Any array's values, likewise. */
  static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).asFloatBuffer();
  }
}
