package dev.weir.fuzz;

import java.util.Arrays;
import java.util.Random;

/** Damages bytes: flips bits, cuts, repeats, moves, and plants extreme numbers. */
public final class Damage {
  private static final long[] EXTREMES = {
    0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 0xffffffffL
  };
  private static final int MAX_CHANGES = 4;

  private final Random random;

  public Damage(Random random) {
    this.random = random;
  }

  /** A damaged copy. */
  public byte[] of(byte[] sound) {
    byte[] bytes = sound.clone();
    for (int changes = 1 + random.nextInt(MAX_CHANGES); changes > 0; changes--) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> plant(bytes, at);
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return without(bytes, at);
      }
      default -> {
        return twice(bytes, at);
      }
    }
    return bytes;
  }

  private void plant(byte[] bytes, int at) {
    long extreme = EXTREMES[random.nextInt(EXTREMES.length)];
    int width = random.nextBoolean() ? Integer.BYTES : Long.BYTES;
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (extreme >>> (8 * i));
    }
  }

  private byte[] without(byte[] bytes, int at) {
    int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
    byte[] shorter = new byte[bytes.length - length];
    System.arraycopy(bytes, 0, shorter, 0, at);
    System.arraycopy(bytes, at + length, shorter, at, shorter.length - at);
    return shorter;
  }

  private byte[] twice(byte[] bytes, int at) {
    int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
    byte[] longer = new byte[bytes.length + length];
    System.arraycopy(bytes, 0, longer, 0, at + length);
    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
    return longer;
  }
}
