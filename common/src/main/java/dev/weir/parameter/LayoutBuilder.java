package dev.weir.parameter;

import dev.weir.problem.UserException;
import java.util.ArrayList;
import java.util.List;

/** Lays parameters one after the other; made by {@link ParameterLayout#builder}. */
public final class LayoutBuilder {
  private final List<ParameterSpec> parameters = new ArrayList<>();
  private int size;

  LayoutBuilder() {}

  /**
   * Adds a parameter behind the last.
   *
   * @param fresh whether it is freshly initialised, see {@link ParameterSpec}
   * @throws UserException if there would be more than 2³¹−1 coordinates
   */
  public LayoutBuilder add(String name, List<Integer> shape, boolean fresh) {
    ParameterSpec spec = new ParameterSpec(name, shape, size, fresh);
    long end = size;
    try {
      end = Math.addExact(end, shape.stream().mapToLong(d -> d).reduce(1, Math::multiplyExact));
    } catch (ArithmeticException e) {
      end = Long.MAX_VALUE;
    }
    if (end > Integer.MAX_VALUE) {
      throw new UserException(
          "parameter " + name,
          "shape "
              + shape
              + " behind "
              + size
              + " others exceeds the "
              + Integer.MAX_VALUE
              + " parameters that a model may have",
          "Choose a smaller model.");
    }
    parameters.add(spec);
    size = (int) end;
    return this;
  }

  /** Adds a pretrained parameter behind the last. */
  public LayoutBuilder add(String name, Integer... shape) {
    return add(name, List.of(shape), false);
  }

  /** Adds a freshly initialised parameter behind the last. */
  public LayoutBuilder addFresh(String name, Integer... shape) {
    return add(name, List.of(shape), true);
  }

  /**
   * The layout of all that was added.
   *
   * @throws IllegalArgumentException if two parameters have the same name
   */
  public ParameterLayout build() {
    return new ParameterLayout(parameters);
  }
}
