package dev.weir.sum;

/** Rounds to the nearest integer, ties to even. */
final class NearestRounding implements Rounding {
  static final Rounding INSTANCE = new NearestRounding();

  /**
   * Added to a double smaller than 2⁵¹, it leaves no bits for a fraction, so the sum is rounded, to
   * nearest with ties to even, and its lowest bits are the integer in two's complement. Twice as
   * fast as Math.rint and a cast, and as exact.
   */
  private static final double ROUNDING = 0x1.8p52;

  private NearestRounding() {}

  @Override
  public void add(float[] gradient, double perUnit, int[] sums, int start, int end) {
    for (int i = start; i < end; i++) {
      sums[i] += (int) Double.doubleToRawLongBits(gradient[i] * perUnit + ROUNDING);
    }
  }

  /** L + ½ itself is a tie and rounds to the even L + 1. */
  @Override
  public float limit(int most, double unit) {
    double tie = (most + 0.5) * unit;
    float largest = (float) tie;
    return largest < tie ? largest : Math.nextDown(largest);
  }
}
