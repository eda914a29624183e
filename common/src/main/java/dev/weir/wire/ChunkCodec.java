package dev.weir.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.weir.sum.FixedPoint;
import dev.weir.sum.SumFormat;
import io.grpc.HasByteBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Field 1, {@code Chunk}, of either direction's message, written and read by hand. The layout is
 * that of {@code training.proto}; any protobuf implementation can write and read it.
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

  /** Most bytes before the values. */
  private static final int HEAD_BYTES = 64;

  private static final ThreadLocal<PieceOfBytes> PIECES =
      ThreadLocal.withInitial(PieceOfBytes::new);

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
    PieceOfBytes piece = PIECES.get();
    CodedOutputStream head = CodedOutputStream.newInstance(piece.bytes, 0, HEAD_BYTES);
    writeHead(chunk, head);
    out.write(piece.bytes, 0, head.getTotalBytesWritten());
    ArrayValues values = inMemory(chunk);
    int most = PieceOfBytes.BYTES / chunk.format().bytes();
    for (int done = 0; done < chunk.length(); done += most) {
      int count = Math.min(most, chunk.length() - done);
      piece.put(chunk.format(), values.array(), values.from() + done, count);
      out.write(piece.bytes, 0, count * chunk.format().bytes());
    }
  }

  /** Writes all of the message that is before its values. */
  static void writeHead(ValueChunk chunk, CodedOutputStream head) throws IOException {
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
  }

  /** Writes the values, which end the message. */
  static void writeValues(ValueChunk chunk, ByteBuffer target) {
    target.order(ByteOrder.LITTLE_ENDIAN);
    ArrayValues values = inMemory(chunk);
    if (chunk.format() == SumFormat.FIXED32) {
      target.asIntBuffer().put(values.array(), values.from(), chunk.length());
      return;
    }
    ShortBuffer target16 = target.asShortBuffer();
    short[] narrow = Piece.ofThread().narrow();
    for (int done = 0; done < chunk.length(); done += narrow.length) {
      int count = Math.min(narrow.length, chunk.length() - done);
      FixedPoint.narrow(values.array(), values.from() + done, narrow, count);
      target16.put(narrow, 0, count);
    }
  }

  private static ArrayValues inMemory(ValueChunk chunk) {
    if (chunk.values() instanceof ArrayValues values) {
      return values;
    }
    int[] copy = new int[chunk.length()];
    chunk.copyTo(copy, 0);
    return new ArrayValues(copy, 0);
  }

  /**
   * Reads all of a message but the values, which stay where they are, if it is laid out as {@link
   * #write} does and its buffers can be looked into.
   *
   * @param message nothing of it has been read, nor is, if it is not
   * @param size of the whole message in bytes
   */
  static @Nullable ValueChunk view(InputStream message, int size) throws IOException {
    ByteBuffer head =
        message instanceof HasByteBuffer buffers && buffers.byteBufferSupported()
            ? buffers.getByteBuffer()
            : null;
    Fields fields = head == null ? null : fieldsBeforeValues(head, size);
    if (fields == null) {
      return null;
    }
    message.skipNBytes(fields.from);
    return fields.chunk(new ReceivedValues(message, fields.format));
  }

  /**
   * The same of a message in one buffer, which the chunk's values are then a view of.
   *
   * @param message is not moved
   */
  static @Nullable ValueChunk view(ByteBuffer message) {
    Fields fields = fieldsBeforeValues(message.duplicate(), message.remaining());
    return fields == null
        ? null
        : fields.chunk(
            new BufferValues(
                message.slice(message.position() + fields.from, fields.bytes), fields.format));
  }

  /** Whether a message is a chunk, however it is laid out. */
  static boolean isChunk(ByteBuffer message) {
    return message.hasRemaining() && message.get(message.position()) == FIRST_BYTE;
  }

  private static @Nullable Fields fieldsBeforeValues(ByteBuffer message, int size) {
    if (!isChunk(message)) {
      return null;
    }
    message.limit(message.position() + Math.min(message.remaining(), HEAD_BYTES));
    Fields fields = new Fields();
    return fields.precedeValues(CodedInputStream.newInstance(message), size) ? fields : null;
  }

  /**
   * Reads the whole message.
   *
   * @param bytes begins with {@link #FIRST_BYTE}
   * @throws IOException if it is not a well-formed chunk
   */
  static ValueChunk read(byte[] bytes) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    in.readTag();
    int end = in.pushLimit(in.readRawVarint32());
    Fields fields = new Fields();
    for (int field = fields.next(in); field != 0; field = fields.next(in)) {
      if (isValues(field)) {
        in.skipRawBytes(fields.bytes);
      }
    }
    in.popLimit(end);
    if (fields.bytes % fields.format.bytes() != 0 || !in.isAtEnd()) {
      throw new IOException("malformed chunk of " + bytes.length + " bytes");
    }
    int[] values = new int[fields.length()];
    ByteBuffer source =
        ByteBuffer.wrap(bytes, fields.from, fields.bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] = fields.format == SumFormat.FIXED32 ? source.getInt() : source.getShort();
    }
    return fields.chunk(new ArrayValues(values, 0));
  }

  private static int field(SumFormat format) {
    return format == SumFormat.FIXED32 ? VALUES : NARROW_VALUES;
  }

  private static boolean isValues(int field) {
    return field == VALUES || field == NARROW_VALUES;
  }

  /** What a message says, besides its values. */
  private static final class Fields {
    private long step;
    private int attempt;
    private int offset;
    private boolean reduced;
    private SumFormat format = SumFormat.FIXED32;

    /** Position of the first byte of the values, and the number of bytes. */
    private int from;

    private int bytes;

    /** Whether there is nothing but these fields before the values, and nothing after them. */
    boolean precedeValues(CodedInputStream in, int size) {
      try {
        in.readTag();
        int body = in.readRawVarint32();
        boolean isWhole = in.getTotalBytesRead() + body == size;
        int field = next(in);
        while (field != 0 && !isValues(field)) {
          field = next(in);
        }
        return isWhole && field != 0 && from + bytes == size && bytes % format.bytes() == 0;
      } catch (IOException e) {
        return false; // They go on in the next buffer, or are malformed.
      }
    }

    /** Reads a field, of values only where they are; its number, or 0 at the end. */
    int next(CodedInputStream in) throws IOException {
      int tag = in.readTag();
      int field = WireFormat.getTagFieldNumber(tag);
      switch (field) {
        case 0 -> {}
        case STEP -> step = in.readUInt64();
        case ATTEMPT -> attempt = in.readUInt32();
        case OFFSET -> offset = in.readUInt32();
        case REDUCED -> reduced = in.readBool();
        case VALUES, NARROW_VALUES -> {
          format = field == VALUES ? SumFormat.FIXED32 : SumFormat.FIXED16;
          bytes = in.readRawVarint32();
          from = in.getTotalBytesRead();
        }
        default -> in.skipField(tag);
      }
      return field;
    }

    int length() {
      return bytes / format.bytes();
    }

    ValueChunk chunk(Values values) {
      return new ValueChunk(step, attempt, offset, values, length(), format, reduced);
    }
  }

  /** What a thread takes through its first-level cache at a time, on its way to a stream. */
  private static final class PieceOfBytes {
    private static final int BYTES = 8192;

    private final byte[] bytes = new byte[BYTES];
    private final IntBuffer wide =
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    private final ShortBuffer narrow =
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    private final short[] shorts = new short[BYTES / Short.BYTES];

    void put(SumFormat format, int[] values, int from, int count) {
      if (format == SumFormat.FIXED32) {
        wide.put(0, values, from, count);
        return;
      }
      FixedPoint.narrow(values, from, shorts, count);
      narrow.put(0, shorts, 0, count);
    }
  }
}
