package dev.weir.mask;

import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The coordinates that are trained: an immutable, sorted set of k of a layout's n.
 *
 * <p>A vector of k values in the order of the mask is a <i>masked vector</i>. The values of one
 * parameter are consecutive in it, from {@link #start}, and ordered as in the parameter.
 *
 * <p>Equal sets over equal layouts are equal masks, with equal digests.
 */
public final class Mask {
  private final ParameterLayout layout;
  private final List<Selection> selections;
  private final int[] starts;
  private final String digest;

  /** The selections, one for each parameter, must be in their simplest form. */
  Mask(ParameterLayout layout, List<Selection> selections) {
    this.layout = layout;
    this.selections = List.copyOf(selections);
    this.starts = new int[selections.size() + 1];
    for (int i = 0; i < selections.size(); i++) {
      starts[i + 1] = starts[i] + selections.get(i).size();
    }
    this.digest = MaskDigest.of(layout, selections);
  }

  /**
   * The mask of these coordinates.
   *
   * @param coordinates strictly ascending; copied
   * @throws IllegalArgumentException if they are not ascending, or one is outside of the layout
   */
  public static Mask of(ParameterLayout layout, int... coordinates) {
    checkAscending(coordinates, layout.size());
    List<Selection> selections = new ArrayList<>(layout.parameters().size());
    int from = 0;
    for (ParameterSpec parameter : layout.parameters()) {
      int to = from;
      int end = parameter.end();
      while (to < coordinates.length && coordinates[to] < end) {
        to++;
      }
      int[] local = Arrays.copyOfRange(coordinates, from, to);
      for (int i = 0; i < local.length; i++) {
        local[i] -= parameter.offset();
      }
      selections.add(select(local, parameter.size()));
      from = to;
    }
    return new Mask(layout, selections);
  }

  private static void checkAscending(int[] coordinates, int size) {
    int previous = -1;
    for (int coordinate : coordinates) {
      if (coordinate <= previous || coordinate >= size) {
        throw new IllegalArgumentException(
            "coordinate " + coordinate + " behind " + previous + " of " + size);
      }
      previous = coordinate;
    }
  }

  /** The simplest selection of {@code indices}, which it takes over, out of {@code size}. */
  static Selection select(int[] indices, int size) {
    if (indices.length == 0) {
      return new Selection.None();
    }
    return indices.length == size ? new Selection.All(size) : new Selection.Indices(indices);
  }

  /** Every coordinate. */
  public static Mask dense(ParameterLayout layout) {
    List<Selection> all = new ArrayList<>();
    layout.parameters().forEach(parameter -> all.add(new Selection.All(parameter.size())));
    return new Mask(layout, all);
  }

  /** The numbering that this mask selects from. */
  public ParameterLayout layout() {
    return layout;
  }

  /** Number of selected coordinates, k. */
  public int size() {
    return starts[selections.size()];
  }

  /** Share of the coordinates that is selected, k/n. */
  public double density() {
    return layout.size() == 0 ? 0 : (double) size() / layout.size();
  }

  /** What is selected of each parameter, in the order of {@link ParameterLayout#parameters}. */
  public List<Selection> selections() {
    return selections;
  }

  /** What is selected of one parameter. */
  public Selection selection(int parameterIndex) {
    return selections.get(parameterIndex);
  }

  /**
   * Position in the masked vector of the first value of a parameter; k for the index one past the
   * last parameter.
   */
  public int start(int parameterIndex) {
    return starts[parameterIndex];
  }

  /**
   * The parameter that the value at a position of the masked vector belongs to.
   *
   * @throws IndexOutOfBoundsException unless 0 ≤ position &lt; k
   */
  public ParameterSpec parameterAt(int position) {
    if (position < 0 || position >= size()) {
      throw new IndexOutOfBoundsException("position " + position + " of " + size());
    }
    int index = Arrays.binarySearch(starts, position);
    if (index < 0) {
      index = -index - 2;
    }
    while (starts[index + 1] == position) {
      index++;
    }
    return layout.parameters().get(index);
  }

  /** The selected coordinates, ascending; length k. A new array, made at every call. */
  public int[] indices() {
    int[] coordinates = new int[size()];
    for (int p = 0; p < selections.size(); p++) {
      int offset = layout.parameters().get(p).offset();
      int start = starts[p];
      int length = starts[p + 1] - start;
      int[] local = selections.get(p) instanceof Selection.Indices some ? some.array() : null;
      for (int i = 0; i < length; i++) {
        coordinates[start + i] = offset + (local == null ? i : local[i]);
      }
    }
    return coordinates;
  }

  /**
   * SHA-256, in lower-case hexadecimal, over the layout's digest and the selected coordinates.
   * Whole parameters cost nothing.
   */
  public String digest() {
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask that
        && layout.equals(that.layout)
        && selections.equals(that.selections);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "Mask[%d of %d coordinates, %s]".formatted(size(), layout.size(), digest);
  }
}
