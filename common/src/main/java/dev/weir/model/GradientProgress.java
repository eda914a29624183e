package dev.weir.model;

/** Is told how far a backward pass has come, from the end of the masked vector to its begin. */
public interface GradientProgress {
  /** Asks for nothing. */
  GradientProgress NONE = (loss, from) -> {};

  /**
   * All values of the gradient from position {@code from} on are there and will not change. Called
   * on the computing thread, which goes on when this returns; each time with a position that is not
   * higher, 0 at last.
   *
   * @param loss the scaled, summed loss, which is known before the gradient
   */
  void reached(double loss, int from);
}
