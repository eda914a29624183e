package dev.weir.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes small ONNX files for tests. */
final class OnnxFile {
  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

  /** A node of the graph. */
  OnnxFile node(String operator, String name, String... inputs) {
    return field(
        1,
        out -> {
          for (String input : inputs) {
            out.writeString(1, input);
          }
          out.writeString(2, name + "_output");
          out.writeString(3, name);
          out.writeString(4, operator);
        });
  }

  /** A float32 initializer with its values as raw bytes. */
  OnnxFile tensor(String name, List<Integer> shape, float... values) {
    return tensor(name, OnnxTensor.FLOAT32, 9, shape, values);
  }

  /**
   * @param field 9 for raw bytes, 4 for packed floats
   */
  OnnxFile tensor(String name, int type, int field, List<Integer> shape, float... values) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return field(
        5,
        out -> {
          for (int dimension : shape) {
            out.writeInt64(1, dimension);
          }
          out.writeInt32(2, type);
          out.writeString(8, name);
          out.writeBytes(field, ByteString.copyFrom(raw));
        });
  }

  /** The whole file. */
  byte[] bytes() {
    return message(
        out -> {
          out.writeInt64(1, 7);
          out.writeString(2, "test");
          out.writeByteArray(7, graph.toByteArray());
        });
  }

  private OnnxFile field(int number, Writing body) {
    byte[] whole = message(out -> out.writeByteArray(number, message(body)));
    graph.writeBytes(whole);
    return this;
  }

  private static byte[] message(Writing body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      body.run(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private interface Writing {
    void run(CodedOutputStream out) throws IOException;
  }
}
