package dev.weir.reduction;

import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive values of the masked vector.
 *
 * @param from position of the first
 * @param length how many; may be 0
 */
public record Slice(int from, int length) {

  /**
   * Divides the chunks of a vector evenly, in order.
   *
   * @param values length of the vector, k
   * @param chunkLength values per chunk; only the last may be shorter
   * @param owners how many slices
   */
  public static List<Slice> divide(int values, int chunkLength, int owners) {
    long chunks = ((long) values + chunkLength - 1) / chunkLength;
    List<Slice> slices = new ArrayList<>(owners);
    for (int i = 0; i < owners; i++) {
      int from = (int) Math.min(values, i * chunks / owners * chunkLength);
      int end = (int) Math.min(values, (i + 1) * chunks / owners * chunkLength);
      slices.add(new Slice(from, end - from));
    }
    return slices;
  }

  /** The position behind the last. */
  public int end() {
    return from + length;
  }
}
