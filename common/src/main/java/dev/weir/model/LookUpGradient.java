package dev.weir.model;

import java.util.Arrays;

/** The gradient of an embedding table: each looked-up row gets the gradients of its look-ups. */
final class LookUpGradient {
  private LookUpGradient() {}

  /**
   * Overwrites the selected elements with their sums over the look-ups, in ascending order.
   *
   * @param gradient of what was looked up, {@code [·, width]} from {@code offset} on
   * @param tableRows for each row of it, the row of the table
   * @param values receives the sums, beginning at {@code selected.first()}
   */
  static void sum(
      SelectedValues selected, float[] gradient, int offset, int[] tableRows, float[] values) {
    int width = selected.parameter().shape().get(1);
    int first = selected.first();
    Arrays.fill(values, first, first + selected.count(), 0);
    for (int r = 0; r < tableRows.length; r++) {
      int start = tableRows[r] * width;
      int from = offset + r * width - start;
      int to = selected.countBefore(start + width);
      for (int at = selected.countBefore(start); at < to; at++) {
        values[first + at] += gradient[from + selected.position(at)];
      }
    }
  }
}
