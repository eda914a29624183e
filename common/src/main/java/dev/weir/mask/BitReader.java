package dev.weir.mask;

/** Reads what {@link BitWriter} wrote. */
final class BitReader {
  private final byte[] bytes;
  private final long endBit;
  private long bit;

  BitReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.bit = 8L * from;
    this.endBit = 8L * to;
  }

  /** The next {@code count} bits, at most 32. */
  int read(int count) {
    MaskCodec.require(bit + count <= endBit, "it is cut off");
    long value = 0;
    for (int done = 0; done < count; ) {
      int offset = (int) (bit & 7);
      int take = Math.min(8 - offset, count - done);
      long some = (bytes[(int) (bit >>> 3)] >>> offset) & ((1L << take) - 1);
      value |= some << done;
      done += take;
      bit += take;
    }
    return (int) value;
  }

  /** The number of ones before the next zero. */
  int readUnary() {
    int ones = 0;
    while (read(1) == 1) {
      ones++;
    }
    return ones;
  }
}
