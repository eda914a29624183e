package dev.weir.sum;

import java.util.Objects;

/**
 * Vectors of fixed-point numbers, whose sums are the same in any order and any grouping.
 *
 * <p>A power-of-two unit makes scaling exact, so one rounding, to the nearest integer with ties to
 * even, is the only error: at most half a unit per shard and value.
 */
public final class FixedPoint {
  private static final int MAGNITUDE = Integer.MAX_VALUE;

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
      sums[i] += (int) Math.rint(gradient[i] * perUnit);
    }
  }

  private static Quantization check(float[] gradient, BlockExponents exponents, int shards) {
    for (int block = 0; block < exponents.blocks(); block++) {
      int limit = largestThatFits(exponents.unit(block, shards), shards);
      int start = block * BlockExponents.BLOCK;
      if (exceeds(gradient, limit, start, exponents.end(block))) {
        int position = firstAbove(gradient, limit, start);
        int nonFinite = firstAbove(gradient, Float.floatToRawIntBits(Float.MAX_VALUE), position);
        return nonFinite < gradient.length
            ? new Quantization(Quantization.Outcome.NON_FINITE, nonFinite)
            : new Quantization(Quantization.Outcome.OVERFLOW, position);
      }
    }
    return Quantization.OK;
  }

  /**
   * Bits of the largest float that rounds to at most L = 2^(31−s) − 1 units. L + ½ itself is a tie
   * and rounds to the even L + 1.
   */
  private static int largestThatFits(double unit, int shards) {
    double tie = ((1L << BlockExponents.valueBits(shards)) - 0.5) * unit;
    float largest = (float) tie;
    return Float.floatToRawIntBits(largest < tie ? largest : Math.nextDown(largest));
  }

  /**
   * Whether a magnitude is above the limit. Floats without their sign are ordered like their bits,
   * with infinities and NaN above all others.
   */
  private static boolean exceeds(float[] gradient, int limit, int start, int end) {
    int excess = 0;
    for (int i = start; i < end; i++) {
      excess |= limit - (Float.floatToRawIntBits(gradient[i]) & MAGNITUDE);
    }
    return excess < 0;
  }

  private static int firstAbove(float[] gradient, int limit, int start) {
    int position = start;
    while (position < gradient.length
        && (Float.floatToRawIntBits(gradient[position]) & MAGNITUDE) <= limit) {
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
