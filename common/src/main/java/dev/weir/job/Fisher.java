package dev.weir.job;

/** Which labels the diagonal of the Fisher information is taken over (FISH Mask, section 3). */
public enum Fisher {
  /** The labels of the data. */
  EMPIRICAL,
  /** Every class, weighted with the probability that the model gives it. */
  EXPECTED
}
