package dev.weir.sum;

import java.util.Arrays;

/**
 * What one unit of a fixed-point vector is worth, for each block of 256 consecutive values.
 *
 * <p>Floating-point addition depends on its order; integer addition does not. So the gradient of
 * each shard is turned into integers, and everybody must turn it with the same units without asking
 * anybody. The units of a step are therefore a pure function of what everybody has seen: the units
 * and the sums of the step before.
 *
 * <p>A block has a <i>range</i> r: gradients of one shard that are smaller than 2^r fit. With sums
 * of b bits (32 or 16, see {@link SumFormat}) and S ≤ 2^s shards, each shard may use integers up to
 * L = 2^(b−1−s) − 1 in magnitude, because S · L ≤ 2^(b−1) − 2^s: no sum of the shards, nor of some
 * of them, in any order, leaves the b-bit integers. One unit is 2^(r−b+1+s), so what a shard's
 * values may be at most, L units, is 2^r within rounding.
 *
 * <p>The range of the next step leaves some bits above the largest magnitude of the block in this
 * step's sum, 6 or 3. It falls slowly, by one bit or half of the way, because gradients vary from
 * step to step. It never falls far below the largest range of all blocks, in particular where the
 * sum was all zero: rows of an embedding are zero until their word is seen, and then are like
 * others.
 *
 * <p>Immutable. Independent of the number of shards until it is used.
 */
public final class BlockExponents {
  /** Values per block; the last block may be shorter. */
  public static final int BLOCK = 256;

  /** Every finite float fits. */
  static final int MAX_RANGE = 129;

  /** The smallest normal float is 2^−126. */
  static final int MIN_RANGE = -126;

  private static final int DEPTH = 20;

  private final SumFormat format;
  private final int length;
  private final int[] ranges;

  private BlockExponents(SumFormat format, int length, int[] ranges) {
    this.format = format;
    this.length = length;
    this.ranges = ranges;
  }

  /** The exponents of the first step, for k values: gradients below 16, or 1/16, fit. */
  public static BlockExponents initial(SumFormat format, int length) {
    int[] ranges = new int[blocks(length)];
    Arrays.fill(ranges, format.initialRange());
    return new BlockExponents(format, length, ranges);
  }

  /**
   * Exponents with known ranges, for k values.
   *
   * @param ranges one for each block; copied
   * @throws IllegalArgumentException if their number does not fit k, or one is out of bounds
   */
  public static BlockExponents of(SumFormat format, int length, int[] ranges) {
    if (ranges.length != blocks(length)) {
      throw new IllegalArgumentException(ranges.length + " blocks for " + length + " values");
    }
    for (int range : ranges) {
      if (range < MIN_RANGE || range > MAX_RANGE) {
        throw new IllegalArgumentException("range 2^" + range);
      }
    }
    return new BlockExponents(format, length, ranges.clone());
  }

  /** Number of blocks of k values. */
  public static int blocks(int length) {
    return (int) (((long) length + BLOCK - 1) / BLOCK);
  }

  /** Number of values, k. */
  public int length() {
    return length;
  }

  /** Number of blocks. */
  public int blocks() {
    return ranges.length;
  }

  /** A block's r: magnitudes below 2^r fit. */
  public int range(int block) {
    return ranges[block];
  }

  /** What one unit is worth in a block: a power of two. */
  double unit(int block, int shards) {
    return Math.scalb(1.0, ranges[block] - format.valueBits(shards));
  }

  /** The most units that one shard's value may have, L. */
  int most(int shards) {
    return (1 << format.valueBits(shards)) - 1;
  }

  /**
   * The exponents for an attempt of a step: attempt 0 uses these, attempt a has 6·a bits more range
   * in every block, 4·a with sums of 16 bits, until every finite float fits.
   */
  public BlockExponents widen(int attempt) {
    if (attempt < 0) {
      throw new IllegalArgumentException("attempt " + attempt);
    }
    if (attempt == 0) {
      return this;
    }
    int[] wider = new int[ranges.length];
    for (int block = 0; block < wider.length; block++) {
      wider[block] = (int) Math.min(MAX_RANGE, ranges[block] + (long) format.widening() * attempt);
    }
    return new BlockExponents(format, length, wider);
  }

  /**
   * The exponents of the next step, if these are the ones that the sums were made with.
   *
   * @param sums the sum of all shards, length k, in units of these exponents
   * @param shards S
   */
  public BlockExponents next(int[] sums, int shards) {
    if (sums.length != length) {
      throw new IllegalArgumentException(sums.length + " sums of " + length + " values");
    }
    int[] wanted = new int[ranges.length];
    int highest = MIN_RANGE;
    for (int block = 0; block < wanted.length; block++) {
      wanted[block] = wantedRange(sums, block, shards);
      highest = Math.max(highest, wanted[block]);
    }
    for (int block = 0; block < wanted.length; block++) {
      int depth = wanted[block] == MIN_RANGE ? format.depthOfZeros() : DEPTH;
      int floor = Math.max(format.fall(ranges[block], wanted[block]), highest - depth);
      wanted[block] = Math.min(MAX_RANGE, Math.max(wanted[block], floor));
    }
    return highest == MIN_RANGE ? this : new BlockExponents(format, length, wanted);
  }

  /** The range that this step's sum alone asks for; the lowest if the sum is zero. */
  private int wantedRange(int[] sums, int block, int shards) {
    int bits = 0;
    int end = end(block);
    for (int i = block * BLOCK; i < end; i++) {
      bits |= Math.abs(sums[i]);
    }
    if (bits == 0) {
      return MIN_RANGE;
    }
    int magnitude = Integer.SIZE - Integer.numberOfLeadingZeros(bits);
    return Math.max(
        MIN_RANGE, ranges[block] - format.valueBits(shards) + magnitude + format.headroom());
  }

  /** One past the last position of a block. */
  int end(int block) {
    return (int) Math.min(length, (block + 1L) * BLOCK);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockExponents that
        && format == that.format
        && length == that.length
        && Arrays.equals(ranges, that.ranges);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * format.hashCode() + length) + Arrays.hashCode(ranges);
  }

  @Override
  public String toString() {
    return "BlockExponents[%s, %d values, %d blocks]".formatted(format, length, ranges.length);
  }
}
