package dev.weir.sum;

import java.util.Objects;

/**
 * Vectors of fixed-point numbers, whose sums are the same in any order and any grouping.
 *
 * <p>A power-of-two unit makes scaling exact, so one rounding, to the nearest integer with ties to
 * even, is the only error: at most half a unit per shard and value.
 */
public final class FixedPoint {
  /**
   * Added to a double smaller than 2⁵¹, it leaves no bits for a fraction, so the sum is rounded, to
   * nearest with ties to even, and its lowest bits are the integer in two's complement. Twice as
   * fast as Math.rint and a cast, and as exact.
   */
  private static final double ROUNDING = 0x1.8p52;

  private FixedPoint() {}

  /**
   * Adds a shard's gradient, rounded to units, to sums; adds nothing if some value cannot be.
   *
   * <p>The outcome is that of the whole vector: {@code NON_FINITE} takes precedence over {@code
   * OVERFLOW}.
   *
   * @param gradient length k, not modified
   * @param exponents those of the step's attempt, see {@link BlockExponents#widen}
   * @param shards number of shards of a step, S; {@code sums} must hold fewer than S already
   * @param sums length k, added to
   */
  public static Quantization quantize(
      float[] gradient, BlockExponents exponents, int shards, int[] sums) {
    checkLength(gradient.length, exponents);
    checkLength(sums.length, exponents);
    Quantization check = check(gradient, exponents, shards);
    if (check.isOk()) {
      for (int block = 0; block < exponents.blocks(); block++) {
        double perUnit = 1 / exponents.unit(block, shards);
        addRounded(gradient, perUnit, sums, block * BlockExponents.BLOCK, exponents.end(block));
      }
    }
    return check;
  }

  private static void addRounded(float[] gradient, double perUnit, int[] sums, int start, int end) {
    for (int i = start; i < end; i++) {
      sums[i] += (int) Double.doubleToRawLongBits(gradient[i] * perUnit + ROUNDING);
    }
  }

  private static Quantization check(float[] gradient, BlockExponents exponents, int shards) {
    for (int block = 0; block < exponents.blocks(); block++) {
      float limit = largestThatFits(exponents.unit(block, shards), shards);
      int start = block * BlockExponents.BLOCK;
      if (!(largest(gradient, start, exponents.end(block)) <= limit)) {
        int position = firstBeyond(gradient, limit, start);
        int nonFinite = firstBeyond(gradient, Float.MAX_VALUE, position);
        return nonFinite < gradient.length
            ? new Quantization(Quantization.Outcome.NON_FINITE, nonFinite)
            : new Quantization(Quantization.Outcome.OVERFLOW, position);
      }
    }
    return Quantization.OK;
  }

  /**
   * The largest float that rounds to at most L = 2^(31−s) − 1 units. L + ½ itself is a tie and
   * rounds to the even L + 1.
   */
  private static float largestThatFits(double unit, int shards) {
    double tie = ((1L << BlockExponents.valueBits(shards)) - 0.5) * unit;
    float largest = (float) tie;
    return largest < tie ? largest : Math.nextDown(largest);
  }

  /** Largest magnitude; NaN if there is one. */
  private static float largest(float[] gradient, int start, int end) {
    float largest = 0;
    for (int i = start; i < end; i++) {
      largest = Math.max(largest, Math.abs(gradient[i]));
    }
    return largest;
  }

  /** First position whose magnitude is not within the limit, as NaN never is; or the length. */
  private static int firstBeyond(float[] gradient, float limit, int start) {
    int position = start;
    while (position < gradient.length && Math.abs(gradient[position]) <= limit) {
      position++;
    }
    return position;
  }

  /**
   * Adds {@code length} values of {@code from}, beginning at {@code start}, to those of {@code
   * into}, beginning at {@code at}.
   *
   * @throws IndexOutOfBoundsException if either range leaves its array
   */
  public static void add(int[] into, int at, int[] from, int start, int length) {
    Objects.checkFromIndexSize(at, length, into.length);
    Objects.checkFromIndexSize(start, length, from.length);
    for (int i = 0; i < length; i++) {
      into[at + i] += from[start + i];
    }
  }

  /**
   * Turns sums back into floats, each exact up to one rounding. Sums beyond the floats become
   * infinite.
   *
   * @param sums the sum of all shards, length k
   * @param exponents those of the step's attempt
   * @param shards S
   * @param gradient length k, overwritten
   */
  public static void dequantize(
      int[] sums, BlockExponents exponents, int shards, float[] gradient) {
    checkLength(sums.length, exponents);
    checkLength(gradient.length, exponents);
    for (int block = 0; block < exponents.blocks(); block++) {
      double unit = exponents.unit(block, shards);
      for (int i = block * BlockExponents.BLOCK, end = exponents.end(block); i < end; i++) {
        gradient[i] = (float) (sums[i] * unit);
      }
    }
  }

  private static void checkLength(int length, BlockExponents exponents) {
    if (length != exponents.length()) {
      throw new IllegalArgumentException(length + " values of " + exponents.length());
    }
  }
}
