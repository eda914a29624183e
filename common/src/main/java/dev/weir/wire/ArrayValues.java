package dev.weir.wire;

import dev.weir.sum.FixedPoint;

/**
 * Values in memory.
 *
 * @param array holds them, and belongs to who made this
 * @param from position of the first
 */
@SuppressWarnings("ArrayRecordComponent") // A view for the length of one call, never compared.
record ArrayValues(int[] array, int from) implements Values {
  @Override
  public void copyTo(int[] target, int at, int length) {
    System.arraycopy(array, from, target, at, length);
  }

  @Override
  public void addTo(int[] sums, int at, int length) {
    FixedPoint.add(sums, at, array, from, length);
  }
}
