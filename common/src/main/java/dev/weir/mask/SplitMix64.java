package dev.weir.mask;

/**
 * A small generator whose numbers are the same everywhere and for ever (Steele, Lea and Flood, Fast
 * Splittable Pseudorandom Number Generators, 2014).
 */
final class SplitMix64 {
  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  long next() {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Uniform in 0…bound−1, up to a bias of bound / 2⁶³. */
  int below(int bound) {
    return (int) Math.multiplyHigh(next() >>> 1, (long) bound << 1);
  }
}
