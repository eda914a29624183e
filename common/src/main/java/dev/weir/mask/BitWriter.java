package dev.weir.mask;

import java.util.Arrays;

/** A growing string of bits, lowest bit of each byte first. */
final class BitWriter {
  private byte[] bytes = new byte[1024];
  private long pending;
  private int pendingBits;
  private int length;

  /** Appends the {@code count} lowest bits of {@code value}, at most 32. */
  void write(int value, int count) {
    pending |= (value & ((1L << count) - 1)) << pendingBits;
    pendingBits += count;
    while (pendingBits >= 8) {
      append((byte) pending);
      pending >>>= 8;
      pendingBits -= 8;
    }
  }

  /** Appends {@code count} ones and a zero. */
  void writeUnary(int count) {
    int left = count;
    for (; left >= 32; left -= 32) {
      write(-1, 32);
    }
    write((1 << left) - 1, left + 1);
  }

  private void append(byte value) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = value;
  }

  /** What was written, filled up with zeros to whole bytes. */
  byte[] toByteArray() {
    if (pendingBits > 0) {
      write(0, 8 - pendingBits);
    }
    return Arrays.copyOf(bytes, length);
  }
}
