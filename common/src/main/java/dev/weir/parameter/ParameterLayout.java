package dev.weir.parameter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The numbering of a model's parameters: one after the other without gaps, so that every element of
 * every parameter is one coordinate 0…n−1 of one flat vector.
 *
 * <p>Immutable; equal if its parameters are.
 */
public final class ParameterLayout {
  private final List<ParameterSpec> parameters;
  private final Map<String, Integer> indices = new HashMap<>();
  private final int size;
  private final String digest;

  /**
   * @throws IllegalArgumentException if two parameters have the same name, or one does not begin
   *     where the one before it ends
   */
  public ParameterLayout(List<ParameterSpec> parameters) {
    this.parameters = List.copyOf(parameters);
    int end = 0;
    for (int index = 0; index < this.parameters.size(); index++) {
      ParameterSpec parameter = this.parameters.get(index);
      if (parameter.offset() != end) {
        throw new IllegalArgumentException(
            parameter.name() + " begins at " + parameter.offset() + " instead of " + end);
      }
      if (indices.put(parameter.name(), index) != null) {
        throw new IllegalArgumentException("two parameters are named " + parameter.name());
      }
      end = parameter.end();
    }
    this.size = end;
    this.digest = LayoutDigest.of(this.parameters);
  }

  /** A builder of a layout, which finds the offsets. */
  public static LayoutBuilder builder() {
    return new LayoutBuilder();
  }

  /**
   * This layout with the parameters of {@code grafted} behind its own; coordinates of this layout
   * keep their numbers.
   *
   * @throws IllegalArgumentException if a name is in both
   */
  public ParameterLayout append(ParameterLayout grafted) {
    LayoutBuilder builder = new LayoutBuilder();
    List<ParameterSpec> all = new ArrayList<>(parameters);
    all.addAll(grafted.parameters);
    all.forEach(spec -> builder.add(spec.name(), spec.shape(), spec.fresh()));
    return builder.build();
  }

  /** In ascending order of their offsets. */
  public List<ParameterSpec> parameters() {
    return parameters;
  }

  /** Number of coordinates, n. */
  public int size() {
    return size;
  }

  /** Number of coordinates of fresh parameters. */
  public int freshSize() {
    return parameters.stream().filter(ParameterSpec::fresh).mapToInt(ParameterSpec::size).sum();
  }

  /**
   * The parameter of this name.
   *
   * @throws NoSuchElementException if there is none
   */
  public ParameterSpec get(String name) {
    int index = indexOf(name);
    if (index < 0) {
      throw new NoSuchElementException("no parameter is named " + name);
    }
    return parameters.get(index);
  }

  /** Place of the parameter of this name in {@link #parameters}, or −1. */
  public int indexOf(String name) {
    return indices.getOrDefault(name, -1);
  }

  /**
   * The parameter that holds a coordinate.
   *
   * @throws IndexOutOfBoundsException unless 0 ≤ coordinate &lt; n
   */
  public ParameterSpec at(int coordinate) {
    return parameters.get(indexAt(coordinate));
  }

  /**
   * Place in {@link #parameters} of the parameter that holds a coordinate.
   *
   * @throws IndexOutOfBoundsException unless 0 ≤ coordinate &lt; n
   */
  public int indexAt(int coordinate) {
    if (coordinate < 0 || coordinate >= size) {
      throw new IndexOutOfBoundsException("coordinate " + coordinate + " of " + size);
    }
    int low = 0;
    int high = parameters.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (parameters.get(middle).offset() <= coordinate) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** SHA-256, in lower-case hexadecimal, over names, shapes and freshness, in order. */
  public String digest() {
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ParameterLayout that && parameters.equals(that.parameters);
  }

  @Override
  public int hashCode() {
    return parameters.hashCode();
  }

  @Override
  public String toString() {
    return "ParameterLayout[%d parameters, %d coordinates]".formatted(parameters.size(), size);
  }
}
