package dev.weir.state;

import java.util.List;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param type type of its elements
 * @param shape its dimensions; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end one past its last byte
 */
public record TensorInfo(TensorType type, List<Long> shape, long begin, long end) {
  /** Copies the shape. */
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return (end - begin) / type.bytes();
  }
}
