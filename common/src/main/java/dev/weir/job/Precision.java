package dev.weir.job;

/** How a gradient value travels. */
public enum Precision {
  /** Fixed point in 32 bits, with an exponent for each block. */
  FIXED32
}
