package dev.weir.mask;

import java.util.Arrays;

/**
 * Which elements of one parameter are selected. Always the simplest of the three: a parameter with
 * every element selected is {@link All}, one with no element {@link None}.
 */
public sealed interface Selection {
  /** Number of selected elements. */
  int size();

  /** Nothing is selected: the parameter is frozen. */
  record None() implements Selection {
    @Override
    public int size() {
      return 0;
    }
  }

  /**
   * Every element is selected.
   *
   * @param size the number of elements of the parameter
   */
  record All(int size) implements Selection {}

  /** Some elements are selected, but not all. */
  final class Indices implements Selection {
    private final int[] indices;

    Indices(int[] indices) {
      this.indices = indices;
    }

    @Override
    public int size() {
      return indices.length;
    }

    /** Index, inside the parameter, of the {@code position}-th selected element. */
    public int get(int position) {
      return indices[position];
    }

    /**
     * The indices inside the parameter, strictly ascending. The array belongs to the mask: callers
     * must not write to it.
     */
    public int[] array() {
      return indices;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Indices that && Arrays.equals(indices, that.indices);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(indices);
    }

    @Override
    public String toString() {
      return "Indices[" + indices.length + "]";
    }
  }
}
