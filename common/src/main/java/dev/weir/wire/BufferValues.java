package dev.weir.wire;

import dev.weir.sum.FixedPoint;
import dev.weir.sum.SumFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values in one buffer of the transport's, for the length of the callback that brought them. */
final class BufferValues implements Values {
  private final ByteBuffer bytes;
  private final SumFormat format;

  /**
   * @param bytes the values, from its position to its limit
   */
  BufferValues(ByteBuffer bytes, SumFormat format) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.format = format;
  }

  @Override
  public void copyTo(int[] target, int at, int length) {
    bytes.rewind();
    read(target, at, length, Piece.ofThread());
  }

  @Override
  public void addTo(int[] sums, int at, int length) {
    bytes.rewind();
    Piece.ofThread().add(sums, at, length, this::read);
  }

  private void read(int[] target, int at, int count, Piece piece) {
    if (format == SumFormat.FIXED32) {
      bytes.asIntBuffer().get(target, at, count);
    } else {
      short[] narrow = piece.narrow();
      for (int done = 0; done < count; done += narrow.length) {
        int some = Math.min(narrow.length, count - done);
        bytes.asShortBuffer().position(done).get(narrow, 0, some);
        FixedPoint.widen(narrow, target, at + done, some);
      }
    }
    bytes.position(bytes.position() + count * format.bytes());
  }
}
