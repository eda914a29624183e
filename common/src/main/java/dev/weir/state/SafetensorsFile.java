package dev.weir.state;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;

/**
 * An open safetensors file: the length of a JSON header in 8 bytes, the header, then the raw
 * tensors, all little endian. Strictly checked when it is opened; tensors are read when asked for.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Largest header that the format allows, in bytes. */
  static final int MAX_HEADER = 100_000_000;

  private static final int CHUNK = 1 << 18;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(
      Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  /**
   * Opens a file.
   *
   * @throws UserException if there is no such file, or it breaks a rule of the format
   */
  public static SafetensorsFile open(Path path) throws IOException {
    FileChannel channel = openChannel(path);
    try {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw broken(path, "it has " + size + " bytes, fewer than the length of its header takes");
      }
      long length = read(path, channel, 0, Long.BYTES).getLong();
      if (length < 0 || length > Math.min(MAX_HEADER, size - Long.BYTES)) {
        throw broken(
            path,
            "its header should be %s bytes, but the file has %d and the format allows %d"
                .formatted(Long.toUnsignedString(length), size, MAX_HEADER));
      }
      byte[] json = read(path, channel, Long.BYTES, (int) length).array();
      long dataStart = Long.BYTES + length;
      SafetensorsHeader header = SafetensorsHeader.parse(json, size - dataStart);
      return new SafetensorsFile(path, channel, header, dataStart);
    } catch (SafetensorsHeader.Malformed e) {
      channel.close();
      throw broken(path, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel openChannel(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new UserException(path.toString(), "there is no such file", "Check its path.");
    }
  }

  /** The file's metadata; unmodifiable. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /** The file's tensors by name; unmodifiable. */
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(header.tensors());
  }

  /**
   * Reads a tensor of float32 into a new array.
   *
   * @throws UserException if there is none of this name and type, or it exceeds an array
   */
  public float[] floats(String name) throws IOException {
    TensorInfo tensor = get(name, TensorType.F32);
    float[] values = new float[length(name, tensor)];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      chunk(tensor, from, count).asFloatBuffer().get(values, from, count);
    }
    return values;
  }

  /**
   * Reads a tensor of int32 into a new array.
   *
   * @throws UserException as {@link #floats}
   */
  public int[] ints(String name) throws IOException {
    TensorInfo tensor = get(name, TensorType.I32);
    int[] values = new int[length(name, tensor)];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      chunk(tensor, from, count).asIntBuffer().get(values, from, count);
    }
    return values;
  }

  /**
   * Reads a tensor of int64 into a new array.
   *
   * @throws UserException as {@link #floats}
   */
  public long[] longs(String name) throws IOException {
    TensorInfo tensor = get(name, TensorType.I64);
    long[] values = new long[length(name, tensor)];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      chunk(tensor, from, count).asLongBuffer().get(values, from, count);
    }
    return values;
  }

  /**
   * Reads a tensor of uint8 into a new array.
   *
   * @throws UserException as {@link #floats}
   */
  public byte[] bytes(String name) throws IOException {
    TensorInfo tensor = get(name, TensorType.U8);
    return chunk(tensor, 0, length(name, tensor)).array();
  }

  private TensorInfo get(String name, TensorType type) {
    TensorInfo tensor = header.tensors().get(name);
    if (tensor == null) {
      throw broken(path, "it holds no tensor " + name);
    }
    if (tensor.type() != type) {
      throw broken(path, "tensor " + name + " is of " + tensor.type() + " instead of " + type);
    }
    return tensor;
  }

  private int length(String name, TensorInfo tensor) {
    if (tensor.elements() > Integer.MAX_VALUE - Long.BYTES) {
      throw broken(path, "tensor " + name + " has too many elements: " + tensor.elements());
    }
    return (int) tensor.elements();
  }

  private ByteBuffer chunk(TensorInfo tensor, int from, int count) throws IOException {
    int width = tensor.type().bytes();
    return read(path, channel, dataStart + tensor.begin() + (long) from * width, count * width);
  }

  private static ByteBuffer read(Path path, FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw broken(path, "it became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  static UserException broken(Path path, String rule) {
    return new UserException(
        path.toString(), "is not a sound file: " + rule, "Fetch or make it again.");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
