package dev.weir.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * Field 1, {@code Chunk}, of either direction's message, written and read by hand. The layout is
 * that of {@code training.proto}; any protobuf implementation can write and read it.
 *
 * <p>Each thread has its own scratch memory, which grows to the largest message and is then reused.
 */
final class ChunkCodec {
  /** First byte of a message that is a chunk: field 1, length-delimited. */
  static final int FIRST_BYTE = (1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private static final int STEP = 1;
  private static final int ATTEMPT = 2;
  private static final int OFFSET = 3;
  private static final int VALUES = 4;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private ChunkCodec() {}

  /** Bytes of the whole message. */
  static int size(ValueChunk chunk) {
    int body = bodySize(chunk);
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(body) + body;
  }

  private static int bodySize(ValueChunk chunk) {
    int bytes = chunk.length() * Integer.BYTES;
    return CodedOutputStream.computeUInt64Size(STEP, chunk.step())
        + CodedOutputStream.computeUInt32Size(ATTEMPT, chunk.attempt())
        + CodedOutputStream.computeUInt32Size(OFFSET, chunk.offset())
        + CodedOutputStream.computeTagSize(VALUES)
        + CodedOutputStream.computeUInt32SizeNoTag(bytes)
        + bytes;
  }

  /** Writes the whole message. */
  static void write(ValueChunk chunk, OutputStream out) throws IOException {
    int size = size(chunk);
    Scratch scratch = SCRATCH.get();
    byte[] bytes = scratch.bytes(size);
    CodedOutputStream head = CodedOutputStream.newInstance(bytes, 0, size);
    head.writeUInt32NoTag(FIRST_BYTE);
    head.writeUInt32NoTag(bodySize(chunk));
    head.writeUInt64(STEP, chunk.step());
    head.writeUInt32(ATTEMPT, chunk.attempt());
    head.writeUInt32(OFFSET, chunk.offset());
    head.writeTag(VALUES, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    head.writeUInt32NoTag(chunk.length() * Integer.BYTES);
    ints(bytes, head.getTotalBytesWritten(), chunk.length())
        .put(chunk.values(), chunk.from(), chunk.length());
    out.write(bytes, 0, size);
  }

  /**
   * Reads the whole message.
   *
   * @param bytes begins with {@link #FIRST_BYTE}
   * @return a chunk whose values are this thread's scratch
   * @throws IOException if it is not a well-formed chunk
   */
  static ValueChunk read(byte[] bytes, int size) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes, 0, size);
    in.readTag();
    int end = in.pushLimit(in.readRawVarint32());
    long step = 0;
    int attempt = 0;
    int offset = 0;
    int from = 0;
    int length = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case STEP -> step = in.readUInt64();
        case ATTEMPT -> attempt = in.readUInt32();
        case OFFSET -> offset = in.readUInt32();
        case VALUES -> {
          length = in.readRawVarint32();
          from = in.getTotalBytesRead();
          in.skipRawBytes(length);
        }
        default -> in.skipField(tag);
      }
    }
    in.popLimit(end);
    if (length % Integer.BYTES != 0 || !in.isAtEnd()) {
      throw new IOException("malformed chunk of " + size + " bytes");
    }
    int count = length / Integer.BYTES;
    int[] values = SCRATCH.get().values(count);
    ints(bytes, from, count).get(values, 0, count);
    return new ValueChunk(step, attempt, offset, values, 0, count);
  }

  /** Memory of this thread to hold a message of {@code size} bytes. */
  static byte[] buffer(int size) {
    return SCRATCH.get().bytes(size);
  }

  private static IntBuffer ints(byte[] bytes, int from, int count) {
    return ByteBuffer.wrap(bytes, from, count * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer();
  }

  private static final class Scratch {
    private byte[] bytes = new byte[0];
    private int[] values = new int[0];

    byte[] bytes(int size) {
      if (bytes.length < size) {
        bytes = new byte[size];
      }
      return bytes;
    }

    int[] values(int count) {
      if (values.length < count) {
        values = new int[count];
      }
      return values;
    }
  }
}
