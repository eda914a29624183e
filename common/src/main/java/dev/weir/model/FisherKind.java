package dev.weir.model;

/** Which labels the diagonal of the Fisher information is taken over (FISH Mask, section 3). */
public enum FisherKind {
  /** The labels of the data: (∂ log p(yₙ|xₙ) / ∂θ)². */
  EMPIRICAL,
  /** Every class c, weighted with p(c|xₙ). */
  EXPECTED
}
