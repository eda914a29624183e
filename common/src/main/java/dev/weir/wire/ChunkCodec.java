package dev.weir.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.weir.sum.SumFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
  private static final int NARROW_VALUES = 5;
  private static final int REDUCED = 6;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private ChunkCodec() {}

  /** Bytes of the whole message. */
  static int size(ValueChunk chunk) {
    int body = bodySize(chunk);
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(body) + body;
  }

  private static int bodySize(ValueChunk chunk) {
    int bytes = chunk.length() * chunk.format().bytes();
    return CodedOutputStream.computeUInt64Size(STEP, chunk.step())
        + CodedOutputStream.computeUInt32Size(ATTEMPT, chunk.attempt())
        + CodedOutputStream.computeUInt32Size(OFFSET, chunk.offset())
        + (chunk.reduced() ? CodedOutputStream.computeBoolSize(REDUCED, true) : 0)
        + CodedOutputStream.computeTagSize(field(chunk.format()))
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
    if (chunk.reduced()) {
      head.writeBool(REDUCED, true);
    }
    head.writeTag(field(chunk.format()), WireFormat.WIRETYPE_LENGTH_DELIMITED);
    head.writeUInt32NoTag(chunk.length() * chunk.format().bytes());
    put(chunk, view(bytes, head.getTotalBytesWritten(), size));
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
    boolean reduced = false;
    SumFormat format = SumFormat.FIXED32;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case STEP -> step = in.readUInt64();
        case ATTEMPT -> attempt = in.readUInt32();
        case OFFSET -> offset = in.readUInt32();
        case REDUCED -> reduced = in.readBool();
        case VALUES, NARROW_VALUES -> {
          format = format(WireFormat.getTagFieldNumber(tag));
          length = in.readRawVarint32();
          from = in.getTotalBytesRead();
          in.skipRawBytes(length);
        }
        default -> in.skipField(tag);
      }
    }
    in.popLimit(end);
    if (length % format.bytes() != 0 || !in.isAtEnd()) {
      throw new IOException("malformed chunk of " + size + " bytes");
    }
    int count = length / format.bytes();
    int[] values = SCRATCH.get().values(count);
    get(view(bytes, from, from + length), format, values, count);
    return new ValueChunk(step, attempt, offset, values, 0, count, format, reduced);
  }

  private static int field(SumFormat format) {
    return format == SumFormat.FIXED32 ? VALUES : NARROW_VALUES;
  }

  private static SumFormat format(int field) {
    return field == VALUES ? SumFormat.FIXED32 : SumFormat.FIXED16;
  }

  private static void put(ValueChunk chunk, ByteBuffer target) {
    if (chunk.format() == SumFormat.FIXED32) {
      target.asIntBuffer().put(chunk.values(), chunk.from(), chunk.length());
      return;
    }
    int[] values = chunk.values();
    for (int i = chunk.from(), end = chunk.from() + chunk.length(); i < end; i++) {
      target.putShort((short) values[i]);
    }
  }

  private static void get(ByteBuffer source, SumFormat format, int[] values, int count) {
    if (format == SumFormat.FIXED32) {
      source.asIntBuffer().get(values, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      values[i] = source.getShort();
    }
  }

  /** Memory of this thread to hold a message of {@code size} bytes. */
  static byte[] buffer(int size) {
    return SCRATCH.get().bytes(size);
  }

  private static ByteBuffer view(byte[] bytes, int from, int end) {
    return ByteBuffer.wrap(bytes, from, end - from).order(ByteOrder.LITTLE_ENDIAN);
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
