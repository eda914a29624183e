package dev.weir.state;

import dev.weir.problem.UserException;
import dev.weir.sum.BlockExponents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A training state as bytes, little endian: the letters {@code WRSTATE1}, numbers of values and of
 * moments, step, updates, skipped steps, a 16-bit range for each block, the values, the moments,
 * and a CRC-32C of all before it. Streamed in chunks, since a dense state is 12 bytes per
 * parameter.
 */
public final class TrainingStateCodec {
  /** The letters WRSTATE1, little endian. */
  private static final long MAGIC = 0x31_45_54_41_54_53_52_57L;

  private static final int HEADER = Long.BYTES + Integer.BYTES * 2 + Long.BYTES * 2 + Integer.BYTES;
  private static final int CHUNK = 1 << 16;

  private TrainingStateCodec() {}

  /** Number of bytes of a state. */
  public static long size(TrainingState state) {
    return size(state.size(), state.moments().length);
  }

  private static long size(int k, int moments) {
    return HEADER
        + (long) Short.BYTES * BlockExponents.blocks(k)
        + (long) Float.BYTES * k * (1 + moments)
        + Integer.BYTES;
  }

  /** All bytes at once, for states below 2 GB. */
  public static byte[] encode(TrainingState state) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(size(state)));
    try {
      write(state, Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The state of these bytes, and no others.
   *
   * @param place what the bytes are, for messages
   * @param rule the rule that the state is to follow
   * @throws UserException if they are damaged, or are not a state of this many values and moments
   */
  public static TrainingState decode(byte[] bytes, String place, UpdateRule rule) {
    long expected = size(rule.decay().size(), rule.common().moments());
    if (bytes.length != expected) {
      throw broken(place, bytes.length + " bytes instead of " + expected);
    }
    try {
      return read(Channels.newChannel(new ByteArrayInputStream(bytes)), place, rule);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a state, {@link #size} bytes. */
  public static void write(TrainingState state, WritableByteChannel out) throws IOException {
    CRC32C crc = new CRC32C();
    try {
      visit(
          state,
          bytes -> {
            crc.update(bytes.duplicate());
            writeFully(out, bytes);
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writeFully(out, buffer(Integer.BYTES).putInt((int) crc.getValue()).flip());
  }

  private static void writeFully(WritableByteChannel out, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shows the encoding, without its CRC, chunk by chunk. Chunks are valid during the call only. */
  static void visit(TrainingState state, Consumer<ByteBuffer> visitor) {
    TrainingState.Counters counters = state.counters();
    visitor.accept(
        buffer(HEADER)
            .putLong(MAGIC)
            .putInt(state.size())
            .putInt(state.moments().length)
            .putLong(counters.step())
            .putLong(counters.updates())
            .putInt(counters.skipped())
            .flip());
    BlockExponents exponents = state.exponents();
    ByteBuffer ranges = buffer(Short.BYTES * exponents.blocks());
    for (int block = 0; block < exponents.blocks(); block++) {
      ranges.putShort((short) exponents.range(block));
    }
    visitor.accept(ranges.flip());
    visit(state.values(), visitor);
    for (float[] moment : state.moments()) {
      visit(moment, visitor);
    }
  }

  private static void visit(float[] values, Consumer<ByteBuffer> visitor) {
    ByteBuffer chunk = buffer(CHUNK * Float.BYTES);
    for (int from = 0; from < values.length; from += CHUNK) {
      int length = Math.min(CHUNK, values.length - from);
      chunk.clear();
      chunk.asFloatBuffer().put(values, from, length);
      visitor.accept(chunk.limit(length * Float.BYTES));
    }
  }

  /**
   * Reads a state, and not a byte more.
   *
   * @param place what is read, for messages
   * @param rule the rule that the state is to follow
   * @throws UserException if it is damaged, or is not a state of this many values and moments
   */
  public static TrainingState read(ReadableByteChannel in, String place, UpdateRule rule)
      throws IOException {
    Input input = new Input(in, place);
    ByteBuffer header = input.next(HEADER);
    int k = rule.decay().size();
    int moments = rule.common().moments();
    if (header.getLong() != MAGIC) {
      throw broken(place, "it does not begin like a training state of version 1");
    }
    require(place, "values", header.getInt(), k);
    require(place, "moments", header.getInt(), moments);
    TrainingState.Counters counters =
        new TrainingState.Counters(header.getLong(), header.getLong(), header.getInt());
    int[] ranges = new int[BlockExponents.blocks(k)];
    ByteBuffer encoded = input.next(Short.BYTES * ranges.length);
    for (int block = 0; block < ranges.length; block++) {
      ranges[block] = encoded.getShort();
    }
    float[] values = input.floats(k);
    float[][] vectors = new float[moments][];
    for (int i = 0; i < moments; i++) {
      vectors[i] = input.floats(k);
    }
    input.checkCrc();
    return new TrainingState(rule, counters, values, vectors, exponents(place, rule, ranges));
  }

  private static BlockExponents exponents(String place, UpdateRule rule, int[] ranges) {
    try {
      return BlockExponents.of(rule.sums().format(), rule.decay().size(), ranges);
    } catch (IllegalArgumentException e) {
      throw broken(place, String.valueOf(e.getMessage()));
    }
  }

  private static void require(String place, String what, int found, int expected) {
    if (found != expected) {
      throw new UserException(
          place,
          "holds a training state of "
              + found
              + " "
              + what
              + ", but this job has "
              + expected
              + " "
              + what,
          "Use the state of a job with the same mask and optimizer.");
    }
  }

  private static UserException broken(String place, String what) {
    return new UserException(
        place, "is not a whole training state: " + what, "Use another copy, or begin anew.");
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of a channel, and the CRC of those read. */
  private record Input(ReadableByteChannel channel, String place, CRC32C crc) {
    Input(ReadableByteChannel channel, String place) {
      this(channel, place, new CRC32C());
    }

    ByteBuffer next(int length) throws IOException {
      ByteBuffer bytes = fill(buffer(length));
      crc.update(bytes.duplicate());
      return bytes;
    }

    float[] floats(int length) throws IOException {
      float[] values = new float[length];
      ByteBuffer chunk = buffer(Math.min(CHUNK, length) * Float.BYTES);
      for (int from = 0; from < length; from += CHUNK) {
        int count = Math.min(CHUNK, length - from);
        fill(chunk.clear().limit(count * Float.BYTES));
        crc.update(chunk.duplicate());
        chunk.asFloatBuffer().get(values, from, count);
      }
      return values;
    }

    void checkCrc() throws IOException {
      int computed = (int) crc.getValue();
      int stored = fill(buffer(Integer.BYTES)).getInt();
      if (stored != computed) {
        throw broken(place, "its checksum is %08x instead of %08x".formatted(computed, stored));
      }
    }

    private ByteBuffer fill(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw broken(place, "it ends early");
        }
      }
      return bytes.flip();
    }
  }
}
