package dev.weir.sum;

/**
 * Rounds up with the probability of the fraction, down otherwise, so that the expected value is the
 * value itself and errors cancel over shards and steps instead of adding up (Gupta et al., Deep
 * Learning with Limited Numerical Precision, 2015, section 3.2).
 *
 * <p>Its random numbers are a pure function of (seed, step, shard, coordinate), so whoever computes
 * a shard rounds it to the same bits: SplitMix64 (Steele, Lea and Flood, 2014) read at position
 * {@code coordinate} of a stream whose start is a hash of the other three. Nothing in the loop
 * waits for the iteration before.
 *
 * <p>The fraction is taken to {@value #FRACTION} bits, rounded to the nearest, and compared with as
 * many random bits.
 */
final class StochasticRounding implements Rounding {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final int FRACTION = 24;
  private static final double FRACTIONS = 1 << FRACTION;

  /**
   * Added to a double smaller than 2⁵¹, it leaves no bits for a fraction, and the lowest bits of
   * the sum are the integer in two's complement. A shift brings those of whole units to the lowest
   * bits of an int, and of the constant this remains.
   */
  private static final double ROUNDING = 0x1.8p52;

  private static final int REST = (int) (Double.doubleToRawLongBits(ROUNDING) >>> FRACTION);

  private final long start;

  private StochasticRounding(long start) {
    this.start = start;
  }

  static StochasticRounding of(long seed, long step, int shard) {
    return new StochasticRounding(mix(mix(mix(seed + GAMMA) + step) + shard));
  }

  @Override
  public void add(float[] gradient, double perUnit, int[] sums, int from, int end) {
    double perFraction = perUnit * FRACTIONS;
    for (int i = from; i < end; i++) {
      long fractions = Double.doubleToRawLongBits(gradient[i] * perFraction + ROUNDING);
      long random = mix(start + i * GAMMA) >>> (Long.SIZE - FRACTION);
      sums[i] += (int) ((fractions + random) >>> FRACTION) - REST;
    }
  }

  @Override
  public float limit(int most, double unit) {
    return (float) (most * unit); // Exact: most has at most 15 bits.
  }

  private static long mix(long word) {
    long z = word;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
