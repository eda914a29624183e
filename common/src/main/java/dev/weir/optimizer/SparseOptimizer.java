package dev.weir.optimizer;

/**
 * An update rule over the k values of a masked vector. Its state is k-sized too, and nobody else's
 * coordinates are ever touched, by weight decay in particular.
 *
 * <p>Arithmetic on values is float32 in the order written, which Java defines to the bit; factors
 * that are the same for all values are computed in double with {@link StrictMath} and rounded once.
 * The same calls give the same bits everywhere.
 */
public sealed interface SparseOptimizer permits AdamW, Sgd {
  /** Number of moment vectors, of k values each, that start as zeros. */
  int moments();

  /**
   * Applies one update.
   *
   * @param update number of this update, from 1; skipped steps do not count
   * @param learningRate η
   * @param gradient length k, not modified
   * @param values length k, updated
   * @param moments {@link #moments} arrays of length k, updated
   * @param decay where weight decay applies
   */
  void update(
      long update,
      float learningRate,
      float[] gradient,
      float[] values,
      float[][] moments,
      DecayRanges decay);
}
