package dev.weir.wire;

import io.grpc.HasByteBuffer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message as a transport holds it: in several buffers, outside the heap. */
final class CutStream extends InputStream implements HasByteBuffer {
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();

  /**
   * @param cuts where buffers end, in any order
   */
  CutStream(byte[] bytes, List<Integer> cuts) {
    int from = 0;
    for (int cut : cuts.stream().sorted().toList()) {
      int end = Math.min(cut, bytes.length);
      add(bytes, from, end);
      from = end;
    }
    add(bytes, from, bytes.length);
  }

  private void add(byte[] bytes, int from, int end) {
    if (end > from) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(end - from);
      buffers.add(buffer.put(bytes, from, end - from).flip());
    }
  }

  @Override
  public boolean byteBufferSupported() {
    return true;
  }

  @Override
  public @Nullable ByteBuffer getByteBuffer() {
    ByteBuffer first = buffers.peek();
    return first == null ? null : first.duplicate();
  }

  @Override
  public int available() {
    return buffers.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  @Override
  public int read() {
    ByteBuffer first = buffers.peek();
    if (first == null) {
      return -1;
    }
    int value = first.get() & 0xff;
    if (!first.hasRemaining()) {
      buffers.remove();
    }
    return value;
  }

  @Override
  public long skip(long most) {
    long skipped = 0;
    for (ByteBuffer first = buffers.peek(); first != null && skipped < most; ) {
      int step = (int) Math.min(first.remaining(), most - skipped);
      first.position(first.position() + step);
      skipped += step;
      if (!first.hasRemaining()) {
        buffers.remove();
        first = buffers.peek();
      }
    }
    return skipped;
  }
}
