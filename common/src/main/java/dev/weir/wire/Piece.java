package dev.weir.wire;

import dev.weir.sum.FixedPoint;

/** What a thread takes through its first-level cache at a time. */
final class Piece {
  private static final int VALUES = 2048;

  private static final ThreadLocal<Piece> PIECES = ThreadLocal.withInitial(Piece::new);

  private final int[] wide = new int[VALUES];
  private final int[] sums = new int[VALUES];
  private final short[] narrow = new short[VALUES];

  private Piece() {}

  static Piece ofThread() {
    return PIECES.get();
  }

  /** Room for values of 16 bits. */
  short[] narrow() {
    return narrow;
  }

  /** Reads values one after the other. */
  interface Reader {
    /** Copies the next {@code count} values to those of {@code target} from {@code at} on. */
    void read(int[] target, int at, int count, Piece piece);
  }

  /**
   * Adds the next {@code length} values to {@code target} from {@code at} on. Brings sums and
   * values to the same positions, for {@link FixedPoint#add} to be fast.
   */
  void add(int[] target, int at, int length, Reader values) {
    for (int done = 0; done < length; done += VALUES) {
      int count = Math.min(VALUES, length - done);
      values.read(wide, 0, count, this);
      System.arraycopy(target, at + done, sums, 0, count);
      FixedPoint.add(sums, 0, wide, 0, count);
      System.arraycopy(sums, 0, target, at + done, count);
    }
  }
}
