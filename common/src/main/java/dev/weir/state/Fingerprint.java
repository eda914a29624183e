package dev.weir.state;

/**
 * A 64-bit hash of a sequence of words. Each word is mixed in by a bijection of the hash so far, so
 * two sequences that differ in one word have different hashes.
 */
final class Fingerprint {
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  private long hash = MULTIPLIER;

  void add(long word) {
    hash = mix(hash, word);
  }

  void add(float[] values) {
    long h = mix(hash, values.length);
    int pairs = values.length & ~1;
    for (int i = 0; i < pairs; i += 2) {
      long low = Float.floatToRawIntBits(values[i]) & 0xffffffffL;
      h = mix(h, (long) Float.floatToRawIntBits(values[i + 1]) << 32 | low);
    }
    if (pairs < values.length) {
      h = mix(h, Float.floatToRawIntBits(values[pairs]));
    }
    hash = h;
  }

  long value() {
    return hash;
  }

  /** For either argument fixed, a bijection of the other: xor, xor-shift, odd multiplier. */
  private static long mix(long hash, long word) {
    long h = (hash ^ word) * MULTIPLIER;
    return h ^ h >>> 32;
  }
}
