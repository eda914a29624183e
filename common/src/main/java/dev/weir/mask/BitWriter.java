package dev.weir.mask;

import java.io.ByteArrayOutputStream;

/** Writes bits, the highest of each byte first. */
final class BitWriter {
  private final ByteArrayOutputStream out;
  private long pending;
  private int count;

  BitWriter(ByteArrayOutputStream out) {
    this.out = out;
  }

  /** That many ones and a zero. */
  void writeUnary(int value) {
    for (int i = 0; i < value; i++) {
      write(1, 1);
    }
    write(0, 1);
  }

  /** The lowest {@code length} bits of a value, at most 31. */
  void write(int value, int length) {
    pending = pending << length | (value & (1L << length) - 1);
    count += length;
    while (count >= Byte.SIZE) {
      count -= Byte.SIZE;
      out.write((int) (pending >>> count));
    }
  }

  /** Zeros up to the end of the byte. */
  void pad() {
    write(0, -count & Byte.SIZE - 1);
  }
}
