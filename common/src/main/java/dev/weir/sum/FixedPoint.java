package dev.weir.sum;

import java.util.Objects;

/**
 * Vectors of fixed-point numbers, whose sums are the same in any order and any grouping.
 *
 * <p>A power-of-two unit makes scaling exact, so one rounding is the only error: at most half a
 * unit per shard and value where it is to the nearest integer; less than a unit, and none in the
 * mean, where it is stochastic.
 */
public final class FixedPoint {
  private FixedPoint() {}

  /**
   * Adds a shard's gradient, rounded to units, to sums; adds nothing if some value cannot be.
   *
   * <p>The outcome is that of the whole vector: {@code NON_FINITE} takes precedence over {@code
   * OVERFLOW}.
   *
   * @param gradient length k, not modified
   * @param exponents those of the step's attempt, see {@link BlockExponents#widen}
   * @param rule of the sums; {@code sums} must hold fewer than S shards already
   * @param step whose gradient it is
   * @param shard the shard
   * @param sums length k, added to
   */
  public static Quantization quantize(
      float[] gradient, BlockExponents exponents, SumRule rule, long step, int shard, int[] sums) {
    return quantize(gradient, exponents, rule, step, shard, sums, 0, gradient.length);
  }

  /**
   * The same for the values from position {@code from} to {@code to}, which alone are read, and
   * whose outcome it is. Ranges that make up the whole, one after another in any order, add what it
   * would.
   *
   * @throws IndexOutOfBoundsException if they are not within the vector
   */
  public static Quantization quantize(
      float[] gradient,
      BlockExponents exponents,
      SumRule rule,
      long step,
      int shard,
      int[] sums,
      int from,
      int to) {
    checkLength(gradient.length, exponents);
    checkLength(sums.length, exponents);
    Objects.checkFromToIndex(from, to, gradient.length);
    Rounding rounding = rule.rounding(step, shard);
    Quantization check = check(gradient, exponents, rule.shards(), rounding, from, to);
    for (int start = from, end; check.isOk() && start < to; start = end) {
      int block = start / BlockExponents.BLOCK;
      end = Math.min(to, exponents.end(block));
      rounding.add(gradient, 1 / exponents.unit(block, rule.shards()), sums, start, end);
    }
    return check;
  }

  /**
   * Copies values that came in 16 bits.
   *
   * @param at where the first goes in {@code target}
   */
  public static void widen(short[] narrow, int[] target, int at, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = narrow[i];
    }
  }

  /**
   * Copies values that fit 16 bits to the begin of {@code target}.
   *
   * @param from position of the first in {@code values}
   */
  public static void narrow(int[] values, int from, short[] target, int count) {
    for (int i = 0; i < count; i++) {
      target[i] = (short) values[from + i];
    }
  }

  private static Quantization check(
      float[] gradient, BlockExponents exponents, int shards, Rounding rounding, int from, int to) {
    int most = exponents.most(shards);
    for (int start = from, end; start < to; start = end) {
      int block = start / BlockExponents.BLOCK;
      end = Math.min(to, exponents.end(block));
      float limit = rounding.limit(most, exponents.unit(block, shards));
      if (!(largest(gradient, start, end) <= limit)) {
        int position = firstBeyond(gradient, limit, start, to);
        int nonFinite = firstBeyond(gradient, Float.MAX_VALUE, position, to);
        return nonFinite < to
            ? new Quantization(Quantization.Outcome.NON_FINITE, nonFinite)
            : new Quantization(Quantization.Outcome.OVERFLOW, position);
      }
    }
    return Quantization.OK;
  }

  /** Largest magnitude; NaN if there is one. */
  private static float largest(float[] gradient, int start, int end) {
    float largest = 0;
    for (int i = start; i < end; i++) {
      largest = Math.max(largest, Math.abs(gradient[i]));
    }
    return largest;
  }

  /** First position whose magnitude is not within the limit, as NaN never is; or {@code end}. */
  private static int firstBeyond(float[] gradient, float limit, int start, int end) {
    int position = start;
    while (position < end && Math.abs(gradient[position]) <= limit) {
      position++;
    }
    return position;
  }

  /**
   * Adds {@code length} values of {@code from}, beginning at {@code start}, to those of {@code
   * into}, beginning at {@code at}. At memory bandwidth where both begin at the same position, and
   * several times slower elsewhere: Java 17 makes vectors of a loop over one index only.
   *
   * @throws IndexOutOfBoundsException if either range leaves its array
   */
  public static void add(int[] into, int at, int[] from, int start, int length) {
    Objects.checkFromIndexSize(at, length, into.length);
    Objects.checkFromIndexSize(start, length, from.length);
    if (at == start) {
      for (int i = at, end = at + length; i < end; i++) {
        into[i] += from[i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        into[at + i] += from[start + i];
      }
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
