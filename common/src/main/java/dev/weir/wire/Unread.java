package dev.weir.wire;

import io.grpc.stub.CallStreamObserver;

/**
 * How much was sent on a stream that its reader does not take, so that it can be cut off before it
 * fills the memory. The largest thing that was sent, and the next one, may be on their way: a slow
 * link takes its time for them. Not thread-safe.
 */
public final class Unread {
  private static final long ALLOWED_BYTES = 64 << 20;

  private final CallStreamObserver<?> stream;
  private long bytes;
  private long largest;

  /** Of what is about to be sent on {@code stream}. */
  public Unread(CallStreamObserver<?> stream) {
    this.stream = stream;
  }

  /** Allows something of that size, which is sent in pieces. */
  public void allow(long size) {
    largest = Math.max(largest, size);
  }

  /** Counts a piece before it is sent; whether it is one too many. */
  public boolean isTooMuch(long piece) {
    bytes = stream.isReady() ? 0 : bytes + piece;
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
