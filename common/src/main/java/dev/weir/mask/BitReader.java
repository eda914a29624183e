package dev.weir.mask;

import java.nio.ByteBuffer;

/** Reads what {@link BitWriter} wrote. */
final class BitReader {
  private final ByteBuffer in;
  private int pending;
  private int count;

  BitReader(ByteBuffer in) {
    this.in = in;
  }

  int readUnary(int most) throws MalformedSelection {
    int value = 0;
    while (readBit() == 1) {
      if (++value > most) {
        throw new MalformedSelection("a gap is longer than its parameter");
      }
    }
    return value;
  }

  int read(int length) {
    int value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 1 | readBit();
    }
    return value;
  }

  void checkPadding() throws MalformedSelection {
    while (count > 0) {
      if (readBit() != 0) {
        throw new MalformedSelection("its padding is not zero");
      }
    }
  }

  private int readBit() {
    if (count == 0) {
      pending = in.get();
      count = Byte.SIZE;
    }
    return pending >>> --count & 1;
  }
}
