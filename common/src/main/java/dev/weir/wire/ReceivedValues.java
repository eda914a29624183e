package dev.weir.wire;

import dev.weir.sum.FixedPoint;
import dev.weir.sum.SumFormat;
import io.grpc.HasByteBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Values still in the buffers into which the socket was read. They go from there to where they are
 * wanted, once, before the callback that brought them returns.
 */
final class ReceivedValues implements Values {
  private final InputStream message;
  private final HasByteBuffer buffers;
  private final SumFormat format;

  /**
   * Of a message whose values come next.
   *
   * @param message also a {@link HasByteBuffer}
   */
  ReceivedValues(InputStream message, SumFormat format) {
    this.message = message;
    this.buffers = (HasByteBuffer) message;
    this.format = format;
  }

  @Override
  public void copyTo(int[] target, int at, int length) {
    read(target, at, length, Piece.ofThread());
  }

  @Override
  public void addTo(int[] sums, int at, int length) {
    Piece.ofThread().add(sums, at, length, this::read);
  }

  private void read(int[] target, int at, int length, Piece piece) {
    try {
      for (int done = 0; done < length; ) {
        done += readSome(target, at + done, length - done, piece.narrow());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // It is all in memory.
    }
  }

  /** Reads what one buffer holds, at least one value. */
  private int readSome(int[] target, int at, int most, short[] narrow) throws IOException {
    ByteBuffer buffer = buffers.getByteBuffer();
    if (buffer == null) {
      throw new IllegalStateException("the values of a chunk were read before");
    }
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    int count = Math.min(most, buffer.remaining() / format.bytes());
    if (count == 0) {
      target[at] = readOne();
      return 1;
    }
    if (format == SumFormat.FIXED32) {
      buffer.asIntBuffer().get(target, at, count);
    } else {
      count = Math.min(count, narrow.length);
      buffer.asShortBuffer().get(narrow, 0, count);
      FixedPoint.widen(narrow, target, at, count);
    }
    message.skipNBytes((long) count * format.bytes());
    return count;
  }

  /** Reads a value that lies in two buffers. */
  private int readOne() throws IOException {
    int value = 0;
    for (int shift = 0; shift < Byte.SIZE * format.bytes(); shift += Byte.SIZE) {
      value |= message.read() << shift;
    }
    return format == SumFormat.FIXED32 ? value : (short) value;
  }
}
