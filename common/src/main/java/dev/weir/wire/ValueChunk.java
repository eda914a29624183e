package dev.weir.wire;

import dev.weir.sum.SumFormat;

/**
 * A run of consecutive values of the masked vector at one attempt of one step.
 *
 * <p>To send: {@code values} is the sender's own array, read before the send returns. Received:
 * {@code values} is scratch memory of the receiving thread, valid until the callback returns.
 *
 * @param step the step
 * @param attempt the attempt at it
 * @param offset position of the first value in the masked vector
 * @param values holds the values, fixed-point
 * @param from position of the first value in {@code values}
 * @param length number of values
 * @param format how each travels
 * @param reduced whether they are sums over all shards, on their way to the coordinator
 */
@SuppressWarnings("ArrayRecordComponent") // A view for the length of one call, never compared.
public record ValueChunk(
    long step,
    int attempt,
    int offset,
    int[] values,
    int from,
    int length,
    SumFormat format,
    boolean reduced) {

  /** One whose direction says what its values are. */
  public ValueChunk(
      long step, int attempt, int offset, int[] values, int from, int length, SumFormat format) {
    this(step, attempt, offset, values, from, length, format, false);
  }

  /** The same sums for the coordinator. */
  public ValueChunk asReduced() {
    return new ValueChunk(step, attempt, offset, values, from, length, format, true);
  }
}
