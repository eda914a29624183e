package dev.weir.job;

/** How the trained coordinates are chosen. */
public enum MethodName {
  /** Those with the highest Fisher scores (FISH Mask, section 3). */
  FISHER,
  /** A uniform random choice. */
  RANDOM,
  /** Those with the largest absolute values. */
  MAGNITUDE,
  /** All biases, and nothing else (BitFit). */
  BITFIT,
  /** All of them. */
  DENSE;

  /** Whether the job says how many coordinates are chosen; otherwise the method itself does. */
  public boolean hasDensity() {
    return this != BITFIT && this != DENSE;
  }
}
