package dev.weir.sum;

/**
 * What became of a shard's gradient.
 *
 * @param outcome whether it was added
 * @param position first position in the masked vector that is the reason; −1 if it was added
 */
public record Quantization(Outcome outcome, int position) {
  /** Whether, and why not, a gradient was added. */
  public enum Outcome {
    /** It was added. */
    OK,
    /** All is finite, but some value exceeds its block's range: attempt the step with more. */
    OVERFLOW,
    /** Some value is NaN or infinite: no attempt can succeed. */
    NON_FINITE
  }

  static final Quantization OK = new Quantization(Outcome.OK, -1);

  /** Whether it was added. */
  public boolean isOk() {
    return outcome == Outcome.OK;
  }
}
