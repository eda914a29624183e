package dev.weir.wire;

import dev.weir.proto.Blob;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts one kind of {@code Blob} together again; the pieces must come in order. Memory is taken as
 * they come, not as their sender declares.
 */
public final class BlobReceiver {
  private final Blob.Kind kind;
  private final long maxBytes;
  private static final int FIRST_BYTES = 1 << 20;

  private byte[] bytes = new byte[0];
  private int total;
  private int received;

  /**
   * @param maxBytes what is declared larger is refused before memory is taken for it
   */
  public BlobReceiver(Blob.Kind kind, long maxBytes) {
    this.kind = kind;
    this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 16);
  }

  /**
   * Takes the next piece.
   *
   * @return the whole, once its last piece is here; it belongs to the caller
   * @throws IllegalArgumentException if the piece does not continue what came before
   */
  public byte @Nullable [] accept(Blob piece) {
    if (piece.getTotalBytes() <= 0 || piece.getTotalBytes() > maxBytes) {
      throw new IllegalArgumentException(
          kind + " declares " + piece.getTotalBytes() + " bytes; allowed are 1 to " + maxBytes);
    }
    if (piece.getOffset() == 0) {
      total = (int) piece.getTotalBytes();
      bytes = new byte[Math.min(total, FIRST_BYTES)];
      received = 0;
    }
    int length = piece.getData().size();
    if (piece.getOffset() != received
        || piece.getTotalBytes() != total
        || length == 0
        || length > total - received) {
      throw new IllegalArgumentException(
          String.format(
              "%s: a piece at %d of %d does not continue %d of %d bytes",
              kind, piece.getOffset(), piece.getTotalBytes(), received, total));
    }
    if (length > bytes.length - received) {
      long doubled = Math.max(2L * bytes.length, (long) received + length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(total, doubled));
    }
    piece.getData().copyTo(bytes, received);
    received += length;
    if (received < total) {
      return null;
    }
    byte[] whole = bytes;
    bytes = new byte[0];
    received = 0;
    total = 0;
    return whole;
  }
}
