package dev.weir.model;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the initializers of an ONNX file as it streams by. Field numbers are those of {@code
 * onnx.proto}; what they say of sizes is checked against the size of the file before anything is
 * allocated.
 */
final class OnnxReader {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int NODE_INPUT = 1;
  private static final int NODE_NAME = 3;
  private static final int NODE_OPERATOR = 4;
  private static final int TENSOR_DIMENSIONS = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_FLOATS = 4;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;

  private static final int CHUNK_BYTES = 1 << 16;

  private final CodedInputStream in;
  private final int bytes;
  private final Map<String, OnnxTensor> tensors = new HashMap<>();
  private final Map<String, String> factors = new HashMap<>();

  private OnnxReader(CodedInputStream in, int bytes) {
    this.in = in;
    this.bytes = bytes;
  }

  /**
   * Reads {@code stream} to its end; the caller closes it.
   *
   * @param bytes size of the file
   * @param place the file, for messages
   * @throws UserException if it is not a whole ONNX file with its weights inside
   */
  static OnnxGraph read(InputStream stream, long bytes, String place) {
    if (bytes > Integer.MAX_VALUE) {
      throw new UserException(
          place,
          "the file has " + bytes + " bytes, at most " + Integer.MAX_VALUE + " can be read",
          "Use a smaller model.");
    }
    try {
      OnnxReader reader =
          new OnnxReader(CodedInputStream.newInstance(stream, CHUNK_BYTES), (int) bytes);
      reader.readModel();
      return new OnnxGraph(reader.tensors, reader.factors);
    } catch (IOException | ArithmeticException e) {
      throw new UserException(
          place,
          "not a whole ONNX file of " + bytes + " bytes: " + e.getMessage(),
          "Copy or export the model again.");
    }
  }

  private void readModel() throws IOException {
    boolean graph = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (field(tag) == MODEL_GRAPH && delimited(tag)) {
        graph = true;
        message(this::readGraph);
      } else {
        skip(tag);
      }
    }
    if (!graph) {
      throw new InvalidProtocolBufferException("it holds no graph");
    }
  }

  private void readGraph() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (field(tag) == GRAPH_NODE && delimited(tag)) {
        message(this::readNode);
      } else if (field(tag) == GRAPH_INITIALIZER && delimited(tag)) {
        message(this::readTensor);
      } else {
        skip(tag);
      }
    }
  }

  private void readNode() throws IOException {
    List<String> inputs = new ArrayList<>();
    String name = "";
    String operator = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!delimited(tag)) {
        skip(tag);
        continue;
      }
      switch (field(tag)) {
        case NODE_INPUT -> inputs.add(in.readString());
        case NODE_NAME -> name = in.readString();
        case NODE_OPERATOR -> operator = in.readString();
        default -> skip(tag);
      }
    }
    if (operator.equals("MatMul") && inputs.size() == 2) {
      factors.put(name, inputs.get(1));
    }
  }

  private void readTensor() throws IOException {
    List<Integer> shape = new ArrayList<>();
    String name = "";
    int type = 0;
    float @Nullable [] values = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (field(tag)) {
        case TENSOR_DIMENSIONS -> readDimensions(tag, shape);
        case TENSOR_TYPE -> type = in.readInt32();
        case TENSOR_NAME -> name = in.readString();
        case TENSOR_FLOATS, TENSOR_RAW -> {
          // Packed float_data and raw_data have the same bytes: little-endian float32.
          if (delimited(tag) && (field(tag) == TENSOR_FLOATS || type == OnnxTensor.FLOAT32)) {
            values = readFloats();
          } else {
            skip(tag);
          }
        }
        default -> skip(tag);
      }
    }
    if (values != null && values.length != size(shape)) {
      throw new InvalidProtocolBufferException(
          "%s has shape %s, but %d values".formatted(name, shape, values.length));
    }
    tensors.put(name, new OnnxTensor(name, List.copyOf(shape), type, values));
  }

  private void readDimensions(int tag, List<Integer> shape) throws IOException {
    if (!delimited(tag)) {
      shape.add(dimension(in.readInt64()));
      return;
    }
    message(
        () -> {
          while (!in.isAtEnd()) {
            shape.add(dimension(in.readInt64()));
          }
        });
  }

  private static int dimension(long value) throws IOException {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new InvalidProtocolBufferException("a tensor has a dimension of " + value);
    }
    return (int) value;
  }

  private static int size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  private float[] readFloats() throws IOException {
    int length = readLength();
    if (length % Float.BYTES != 0) {
      throw new InvalidProtocolBufferException(length + " bytes are no array of float32");
    }
    float[] values = new float[length / Float.BYTES];
    for (int at = 0; at < values.length; ) {
      int count = Math.min(values.length - at, CHUNK_BYTES / Float.BYTES);
      ByteBuffer chunk = ByteBuffer.wrap(in.readRawBytes(count * Float.BYTES));
      chunk.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, at, count);
      at += count;
    }
    return values;
  }

  private int readLength() throws IOException {
    int length = in.readRawVarint32();
    int left = bytes - in.getTotalBytesRead();
    if (length < 0 || length > left) {
      throw new InvalidProtocolBufferException(
          "%d bytes are announced where %d are left".formatted(length, left));
    }
    return length;
  }

  private void message(Reading body) throws IOException {
    int outer = in.pushLimit(readLength());
    body.run();
    in.checkLastTagWas(0);
    if (in.getBytesUntilLimit() != 0) {
      throw new InvalidProtocolBufferException("a part of it is shorter than announced");
    }
    in.popLimit(outer);
  }

  private void skip(int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("a group ends that did not begin");
    }
  }

  private static int field(int tag) {
    return WireFormat.getTagFieldNumber(tag);
  }

  private static boolean delimited(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private interface Reading {
    void run() throws IOException;
  }
}
