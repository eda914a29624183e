package dev.weir.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a safetensors file. The same contents give the same bytes: metadata is sorted, tensors lie
 * in the order they were added. Data begins at a multiple of 8 bytes.
 */
public final class SafetensorsWriter {
  private static final int CHUNK = 1 << 18;
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> metadata = new TreeMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private long dataBytes;

  private record Tensor(TensorInfo info, Data data) {}

  /** Copies elements from a position into a chunk, as many as it has room for. */
  private interface Data {
    void copy(int from, int count, ByteBuffer chunk);
  }

  /** Adds an entry to the metadata. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds a tensor of float32. The array is read when the file is written. */
  public SafetensorsWriter add(String name, float[] values, int... shape) {
    Data data = (from, count, chunk) -> chunk.asFloatBuffer().put(values, from, count);
    return add(name, TensorType.F32, values.length, shape, data);
  }

  /** Adds a tensor of int32. The array is read when the file is written. */
  public SafetensorsWriter add(String name, int[] values, int... shape) {
    Data data = (from, count, chunk) -> chunk.asIntBuffer().put(values, from, count);
    return add(name, TensorType.I32, values.length, shape, data);
  }

  /** Adds a tensor of int64. The array is read when the file is written. */
  public SafetensorsWriter add(String name, long[] values, int... shape) {
    Data data = (from, count, chunk) -> chunk.asLongBuffer().put(values, from, count);
    return add(name, TensorType.I64, values.length, shape, data);
  }

  /** Adds a tensor of uint8. The array is read when the file is written. */
  public SafetensorsWriter add(String name, byte[] values, int... shape) {
    Data data = (from, count, chunk) -> chunk.put(values, from, count);
    return add(name, TensorType.U8, values.length, shape, data);
  }

  private SafetensorsWriter add(String name, TensorType type, int length, int[] shape, Data data) {
    List<Long> dimensions = Arrays.stream(shape).mapToObj(Long::valueOf).toList();
    if (dimensions.stream().reduce(1L, Math::multiplyExact) != length) {
      throw new IllegalArgumentException(
          "tensor " + name + " of shape " + dimensions + " has " + length + " elements");
    }
    long end = dataBytes + (long) length * type.bytes();
    TensorInfo info = new TensorInfo(type, dimensions, dataBytes, end);
    if (name.equals(SafetensorsHeader.METADATA)
        || tensors.put(name, new Tensor(info, data)) != null) {
      throw new IllegalArgumentException("a tensor cannot be named " + name);
    }
    dataBytes = end;
    return this;
  }

  /**
   * Writes the file, whole or not at all: a crash leaves the file that was there before.
   *
   * @param path replaced if it exists
   */
  public void write(Path path) throws IOException {
    AtomicFile.write(path, this::write);
  }

  private void write(WritableByteChannel out) throws IOException {
    byte[] json = header();
    int padded = (json.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    ByteBuffer start = buffer(Long.BYTES + padded).putLong(padded).put(json);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    AtomicFile.writeFully(out, start.flip());
    for (Tensor tensor : tensors.values()) {
      write(tensor, out);
    }
  }

  private static void write(Tensor tensor, WritableByteChannel out) throws IOException {
    int length = (int) tensor.info.elements();
    int width = tensor.info.type().bytes();
    ByteBuffer chunk = buffer(Math.min(CHUNK, length) * width);
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      tensor.data.copy(from, count, chunk.clear());
      AtomicFile.writeFully(out, chunk.clear().limit(count * width));
    }
  }

  private byte[] header() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
        json.writeObjectFieldStart(tensor.getKey());
        writeInfo(json, tensor.getValue().info);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeInfo(JsonGenerator json, TensorInfo info) throws IOException {
    json.writeStringField("dtype", info.type().name());
    json.writeArrayFieldStart("shape");
    for (long dimension : info.shape()) {
      json.writeNumber(dimension);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(info.begin());
    json.writeNumber(info.end());
    json.writeEndArray();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
