package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All parameters' values, in the memory of the device that computes. */
final class ParameterStorage {
  private final NDManager manager;
  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<Integer, NDArray> transposed = new HashMap<>();
  private final boolean onHost;

  /**
   * @param manager owns the arrays
   * @param initial gives each parameter's values, in the order of the layout
   */
  ParameterStorage(
      ParameterLayout layout, Function<ParameterSpec, float[]> initial, NDManager manager) {
    this.manager = manager;
    this.onHost = !manager.getDevice().isGpu();
    for (ParameterSpec spec : layout.parameters()) {
      long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
      NDArray array = manager.create(initial.apply(spec), new Shape(shape));
      parameters.add(new Parameter(parameters.size(), spec, array));
    }
  }

  /** In the order of the layout. */
  List<Parameter> parameters() {
    return parameters;
  }

  /**
   * The values of a matrix, {@code [out, in]}, as {@code [in, out]}: what is written to one is
   * written to the other. On the host it lies in memory row by row, as a copy.
   */
  NDArray transposed(Parameter parameter) {
    return transposed.computeIfAbsent(
        parameter.index(),
        index -> onHost ? transposedCopy(parameter) : parameter.array().transpose());
  }

  private NDArray transposedCopy(Parameter parameter) {
    int out = parameter.spec().shape().get(0);
    int in = parameter.spec().shape().get(1);
    float[] values = new float[out * in];
    FloatBuffer view = parameter.view();
    for (int position = 0; position < values.length; position++) {
      values[turned(position, out, in)] = view.get(position);
    }
    return manager.create(values, new Shape(in, out));
  }

  /** Where an element of a matrix, {@code [out, in]}, stands in the transposed one. */
  private static int turned(int position, int out, int in) {
    return position % in * out + position / in;
  }

  /** A copy of all values. */
  float[] copy() {
    Parameter last = parameters.get(parameters.size() - 1);
    float[] values = new float[last.spec().end()];
    for (Parameter parameter : parameters) {
      parameter.view().get(values, parameter.spec().offset(), parameter.spec().size());
    }
    return values;
  }

  /** SHA-256 over names, shapes and values, in lower-case hexadecimal. */
  String digest() {
    MessageDigest sha = sha256();
    for (Parameter parameter : parameters) {
      String header = parameter.spec().name() + parameter.spec().shape() + "\n";
      sha.update(header.getBytes(StandardCharsets.UTF_8));
      sha.update(littleEndian(parameter.view()));
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Copies the selected values into {@code values}, of length k. */
  void read(SelectedParameters selection, float[] values) {
    for (SelectedValues selected : selection.present()) {
      FloatBuffer view = parameters.get(selected.index()).view();
      for (int i = 0; i < selected.count(); i++) {
        values[selected.first() + i] = view.get(selected.position(i));
      }
    }
  }

  /** Overwrites the selected values with {@code values}, of length k. */
  void write(SelectedParameters selection, float[] values) {
    for (SelectedValues selected : selection.present()) {
      Parameter parameter = parameters.get(selected.index());
      if (onHost) {
        writeView(parameter.view(), selected, values);
        writeTransposed(selected, values);
      } else {
        writeArray(parameter.array(), selected, values);
      }
    }
  }

  private static void writeView(FloatBuffer view, SelectedValues selected, float[] values) {
    if (selected.isWhole()) {
      view.put(0, values, selected.first(), selected.count());
      return;
    }
    for (int i = 0; i < selected.count(); i++) {
      view.put(selected.position(i), values[selected.first() + i]);
    }
  }

  private void writeTransposed(SelectedValues selected, float[] values) {
    NDArray array = transposed.get(selected.index());
    if (array == null) {
      return;
    }
    FloatBuffer view = Parameter.view(array);
    int out = selected.parameter().shape().get(0);
    int in = selected.parameter().shape().get(1);
    for (int i = 0; i < selected.count(); i++) {
      view.put(turned(selected.position(i), out, in), values[selected.first() + i]);
    }
  }

  /** Overwrites selected elements of an array on any device, in place. */
  void writeArray(NDArray array, SelectedValues selected, float[] values) {
    try (NDManager scratch = manager.newSubManager()) {
      long[] positions = new long[selected.count()];
      float[] chosen = new float[selected.count()];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = selected.position(i);
        chosen[i] = values[selected.first() + i];
      }
      NDArray flat = array.flatten();
      flat.attach(scratch);
      flat.set(new NDIndex("{}", scratch.create(positions)), scratch.create(chosen));
    }
  }

  private static ByteBuffer littleEndian(FloatBuffer values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.remaining() * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }
}
