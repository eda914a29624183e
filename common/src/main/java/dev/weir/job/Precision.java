package dev.weir.job;

import dev.weir.sum.SumFormat;

/** How a gradient value travels. */
public enum Precision {
  /** Fixed point in 32 bits, with an exponent for each block. */
  FIXED32(SumFormat.FIXED32),
  /** Fixed point in 16 bits, rounded at random, with an exponent for each block. */
  FIXED16(SumFormat.FIXED16);

  private final SumFormat format;

  Precision(SumFormat format) {
    this.format = format;
  }

  /** The numbers of a sum. */
  public SumFormat format() {
    return format;
  }
}
