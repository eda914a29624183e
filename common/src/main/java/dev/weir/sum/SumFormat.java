package dev.weir.sum;

/**
 * How wide the fixed-point numbers of a sum are, in memory's integers and on the wire, and with it
 * how their units are chosen: see {@link BlockExponents}.
 *
 * <p>The narrow one cannot afford the wide one's reserves: its ranges begin closer to what
 * gradients are, leave less room above the latest sum, approach it in a few steps instead of one
 * bit at a time, and grow less when a step is attempted again.
 */
public enum SumFormat {
  /** 32 bits, rounded to the nearest: as good as exact. */
  FIXED32(32, 4, 6, 6, 8) {
    @Override
    int fall(int from, int wanted) {
      return from - 1;
    }

    @Override
    public void wrap(int[] sums, int start, int length) {}
  },

  /** 16 bits, rounded up or down at random, so that the error is zero in the mean. */
  FIXED16(16, -4, 3, 4, 3) {
    @Override
    int fall(int from, int wanted) {
      return from - Math.max(1, (from - wanted) / 2);
    }

    @Override
    public void wrap(int[] sums, int start, int length) {
      for (int i = start; i < start + length; i++) {
        sums[i] = (short) sums[i];
      }
    }
  };

  /** Bits that must remain to each value. */
  private static final int LEAST_VALUE_BITS = 8;

  private final int bits;
  private final int initialRange;
  private final int headroom;
  private final int widening;
  private final int depthOfZeros;

  SumFormat(int bits, int initialRange, int headroom, int widening, int depthOfZeros) {
    this.bits = bits;
    this.initialRange = initialRange;
    this.headroom = headroom;
    this.widening = widening;
    this.depthOfZeros = depthOfZeros;
  }

  /** Bytes of a number on the wire. */
  public int bytes() {
    return bits / Byte.SIZE;
  }

  /** Most shards that a step may have; 65,536 and 128. */
  public int maxShards() {
    return 1 << Math.min(16, bits - 1 - LEAST_VALUE_BITS);
  }

  /**
   * Bits of one shard's magnitudes, b − 1 − s for sums of b bits and S ≤ 2^s shards.
   *
   * @throws IllegalArgumentException if not 1 ≤ S ≤ {@link #maxShards}
   */
  int valueBits(int shards) {
    if (shards < 1 || shards > maxShards()) {
      throw new IllegalArgumentException(
          "%d shards; %s allows 1 to %d".formatted(shards, this, maxShards()));
    }
    return bits - 1 - (Integer.SIZE - Integer.numberOfLeadingZeros(shards - 1));
  }

  /** Range of every block before the first step: gradients below 2^this fit. */
  int initialRange() {
    return initialRange;
  }

  /** Bits that a range leaves above the latest sum's largest magnitude. */
  int headroom() {
    return headroom;
  }

  /** Bits of range that each further attempt adds. */
  int widening() {
    return widening;
  }

  /** How far the range of a block of zeros may lie below the highest of all. */
  int depthOfZeros() {
    return depthOfZeros;
  }

  /**
   * Brings sums to the value that they have after they travelled. Those of gradients have it
   * already; of numbers that only a broken or hostile worker sends, everybody keeps the same bits.
   */
  public abstract void wrap(int[] sums, int start, int length);

  /** The lowest range that may follow the range {@code from} if {@code wanted} would do. */
  abstract int fall(int from, int wanted);
}
