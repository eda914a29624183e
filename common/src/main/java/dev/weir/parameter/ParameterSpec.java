package dev.weir.parameter;

import java.util.List;

/**
 * One parameter of a model: a dense array of float32 in row-major order.
 *
 * @param name unique in its layout, dots between its parts, e.g. {@code
 *     encoder.layer.3.attention.self.query.weight}
 * @param shape its dimensions, all positive; {@code [out, in]} for the weight of a linear layer
 * @param offset coordinate of its first element
 * @param fresh whether it is freshly initialised (a task head, a grafted module) and therefore left
 *     out of every ranking and always trained
 */
public record ParameterSpec(String name, List<Integer> shape, int offset, boolean fresh) {
  /**
   * @throws IllegalArgumentException if the name is empty, a dimension is not positive or the
   *     offset is negative
   */
  public ParameterSpec {
    shape = List.copyOf(shape);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a parameter needs a name");
    }
    if (offset < 0 || shape.stream().anyMatch(dimension -> dimension < 1)) {
      throw new IllegalArgumentException(
          "parameter " + name + " has shape " + shape + " at offset " + offset);
    }
  }

  /** Number of elements. */
  public int size() {
    int size = 1;
    for (int dimension : shape) {
      size = Math.multiplyExact(size, dimension);
    }
    return size;
  }

  /** One past its last coordinate. */
  public int end() {
    return offset + size();
  }

  /** Whether it is a vector: a bias, or a gain or bias of a normalisation. */
  public boolean isVector() {
    return shape.size() == 1;
  }
}
