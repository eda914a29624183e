package dev.weir.wire;

import java.util.function.BooleanSupplier;

/**
 * How much was sent on a stream that its reader does not take, so that it can be cut off before it
 * fills the memory. The largest thing that was sent, and the next one, may be on their way: a slow
 * link takes its time for them. Not thread-safe.
 */
public final class Unread {
  private static final long ALLOWED_BYTES = 64 << 20;

  private final BooleanSupplier ready;
  private long bytes;
  private long largest;

  /**
   * Of a stream.
   *
   * @param ready whether most of what was sent is on its way
   */
  public Unread(BooleanSupplier ready) {
    this.ready = ready;
  }

  /** Allows something of that size, which is sent in pieces. */
  public void allow(long size) {
    largest = Math.max(largest, size);
  }

  /** Counts a piece before it is sent; whether it is one too many. */
  public boolean isTooMuch(long piece) {
    bytes = ready.getAsBoolean() ? 0 : bytes + piece;
    return bytes > Math.max(ALLOWED_BYTES, 2 * largest);
  }

  /** The same of a chunk; what comes before it in its vector may be on its way as well. */
  public boolean isTooMuch(ValueChunk chunk) {
    allow(((long) chunk.offset() + chunk.length()) * Integer.BYTES);
    return isTooMuch((long) chunk.length() * Integer.BYTES);
  }

  /** Why the reader is cut off. */
  public String reason() {
    return bytes + " bytes were sent and not read";
  }
}
