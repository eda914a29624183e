package dev.weir.model;

import dev.weir.parameter.ParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which elements of one parameter are selected, and where they stand in the masked vector. */
final class SelectedValues {
  private final int index;
  private final ParameterSpec parameter;
  private final int first;
  private final int count;
  private final int @Nullable [] positions;

  /**
   * @param index place of the parameter in its layout
   * @param first position of the first selected element in the masked vector
   * @param positions ascending, relative to the parameter, not copied; null for every element
   */
  SelectedValues(int index, ParameterSpec parameter, int first, int @Nullable [] positions) {
    this.index = index;
    this.parameter = parameter;
    this.first = first;
    this.positions = positions;
    this.count = positions == null ? parameter.size() : positions.length;
  }

  /** Place of the parameter in its layout. */
  int index() {
    return index;
  }

  ParameterSpec parameter() {
    return parameter;
  }

  /** Position of the first of them in the masked vector. */
  int first() {
    return first;
  }

  int count() {
    return count;
  }

  /** Position after the last of them in the masked vector. */
  int end() {
    return first + count;
  }

  /** Whether every element is selected. */
  boolean isWhole() {
    return positions == null;
  }

  /** Ascending, relative to the parameter; not to be written to. Null if all are selected. */
  int @Nullable [] positions() {
    return positions;
  }

  /** Where the {@code index}-th selected element is in the parameter. */
  int position(int index) {
    return positions == null ? index : positions[index];
  }

  /** How many of the selected elements come before element {@code position} of the parameter. */
  int countBefore(int position) {
    if (positions == null) {
      return position;
    }
    int found = Arrays.binarySearch(positions, position);
    return found >= 0 ? found : -found - 1;
  }
}
