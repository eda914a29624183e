package dev.weir.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An initializer of an ONNX graph.
 *
 * @param shape its dimensions; none for a scalar
 * @param type ONNX's number of the element type, 1 for float32
 * @param values row-major, owned by whoever read the graph; null unless the type is float32 and the
 *     values are inside the file
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier between reader and model; never compared.
record OnnxTensor(String name, List<Integer> shape, int type, float @Nullable [] values) {
  /** ONNX's number of float32. */
  static final int FLOAT32 = 1;
}
