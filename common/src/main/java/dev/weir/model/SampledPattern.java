package dev.weir.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows and columns of a weight in which something is selected. Those of a Fisher mask are few:
 * it selects what few inputs, much larger than the others, are multiplied with.
 */
final class SampledPattern {
  private final int[] rows;
  private final int[] columns;
  private final int[] starts;
  private final int[] columnPlaces;

  /**
   * @param selected of a weight, {@code [out, in]}
   */
  SampledPattern(SelectedValues selected) {
    int in = selected.parameter().shape().get(1);
    int[] rowOf =
        IntStream.range(0, selected.count()).map(e -> selected.position(e) / in).toArray();
    int[] columnOf =
        IntStream.range(0, selected.count()).map(e -> selected.position(e) % in).toArray();
    rows = IntStream.of(rowOf).distinct().toArray(); // Ascending, as the positions are.
    columns = IntStream.of(columnOf).sorted().distinct().toArray();
    columnPlaces = IntStream.of(columnOf).map(c -> Arrays.binarySearch(columns, c)).toArray();
    starts = new int[rows.length + 1];
    for (int row = 0, element = 0; row < rows.length; row++) {
      while (element < rowOf.length && rowOf[element] == rows[row]) {
        element++;
      }
      starts[row + 1] = element;
    }
  }

  /** Rows of the weight in which an element is selected, ascending; not to be written to. */
  int[] rows() {
    return rows;
  }

  /** Columns likewise. */
  int[] columns() {
    return columns;
  }

  /** Selected elements of the {@code row}-th of {@link #rows}: the first of them. */
  int start(int row) {
    return starts[row];
  }

  /**
   * For each selected element, the place of its column in {@link #columns}; not to be written to.
   */
  int[] columnPlaces() {
    return columnPlaces;
  }
}
