package dev.weir.wire;

import dev.weir.sum.SumFormat;

/**
 * A run of consecutive values of the masked vector at one attempt of one step.
 *
 * <p>To send: the values are in the sender's own array, read before the send returns. Received:
 * they are still in the transport's buffers, and can be copied or added once, until the callback
 * returns.
 */
public final class ValueChunk {
  private final long step;
  private final int attempt;
  private final int offset;
  private final Values values;
  private final int length;
  private final SumFormat format;
  private final boolean reduced;

  ValueChunk(
      long step,
      int attempt,
      int offset,
      Values values,
      int length,
      SumFormat format,
      boolean reduced) {
    this.step = step;
    this.attempt = attempt;
    this.offset = offset;
    this.values = values;
    this.length = length;
    this.format = format;
    this.reduced = reduced;
  }

  /**
   * One of values in memory, whose direction says what they are.
   *
   * @param step the step
   * @param attempt the attempt at it
   * @param offset position of the first value in the masked vector
   * @param values holds the values, fixed-point
   * @param from position of the first value in {@code values}
   * @param length number of values
   * @param format how each travels
   */
  public ValueChunk(
      long step, int attempt, int offset, int[] values, int from, int length, SumFormat format) {
    this(step, attempt, offset, new ArrayValues(values, from), length, format, false);
  }

  /** The same values as sums for the coordinator. */
  public ValueChunk asReduced() {
    return new ValueChunk(step, attempt, offset, values, length, format, true);
  }

  /** The step. */
  public long step() {
    return step;
  }

  /** The attempt at it. */
  public int attempt() {
    return attempt;
  }

  /** Position of the first value in the masked vector. */
  public int offset() {
    return offset;
  }

  /** Number of values. */
  public int length() {
    return length;
  }

  /** How each value travels. */
  public SumFormat format() {
    return format;
  }

  /** Whether they are sums over all shards, on their way to the coordinator. */
  public boolean reduced() {
    return reduced;
  }

  /**
   * Copies the values.
   *
   * @param at where the first goes
   * @throws IndexOutOfBoundsException if they do not fit
   */
  public void copyTo(int[] target, int at) {
    values.copyTo(target, at, length);
  }

  /**
   * Adds the values.
   *
   * @param at what the first is added to
   * @throws IndexOutOfBoundsException if they do not fit
   */
  public void addTo(int[] sums, int at) {
    values.addTo(sums, at, length);
  }

  Values values() {
    return values;
  }
}
