package dev.weir.state;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Deltas as safetensors files: the tensor {@code values} (float32, k), unless the mask is dense the
 * tensor {@code indices} (int32, k, the coordinates in ascending order), and {@link DeltaMetadata}.
 */
final class DeltaFile {
  private static final String VALUES = "values";
  private static final String INDICES = "indices";

  private final Path path;
  private final DeltaInfo info;
  private final boolean dense;
  private final int[] indices;
  private final float[] values;

  private DeltaFile(Path path, SafetensorsFile file) throws IOException {
    this.path = path;
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    DeltaMetadata.requireFormat(path, metadata);
    dense = file.tensors().keySet().equals(Set.of(VALUES));
    indices = dense ? new int[0] : file.ints(INDICES);
    values = file.floats(VALUES);
    DeltaMetadata.requireChecksum(path, metadata, indices, values);
    info = DeltaMetadata.parse(path, metadata);
  }

  static void write(Path path, Delta delta) throws IOException {
    boolean dense = delta.mask().size() == delta.mask().layout().size();
    int[] indices = dense ? new int[0] : delta.mask().indices();
    SafetensorsWriter writer = new SafetensorsWriter();
    DeltaMetadata.of(delta.info(), indices, delta.values()).forEach(writer::metadata);
    if (!dense) {
      writer.add(INDICES, indices, indices.length);
    }
    writer.add(VALUES, delta.values(), delta.values().length).write(path);
  }

  static DeltaInfo readInfo(Path path) throws IOException {
    return open(path).info;
  }

  static Delta read(Path path, ParameterLayout layout, String baseDigest) throws IOException {
    DeltaFile file = open(path);
    file.requireSame("base model", file.info.baseDigest(), baseDigest);
    file.requireSame("layout of parameters", file.info.layoutDigest(), layout.digest());
    return new Delta(file.info, file.mask(layout), file.values);
  }

  private static DeltaFile open(Path path) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return new DeltaFile(path, file);
    }
  }

  private void requireSame(String what, String found, String expected) {
    if (!found.equals(expected)) {
      throw new UserException(
          path.toString(),
          "is a delta on the " + what + " " + found + ", but this model's is " + expected,
          "Apply it to the model that it was trained from; its job says which.");
    }
  }

  private Mask mask(ParameterLayout layout) {
    Mask mask;
    try {
      mask = dense ? Mask.dense(layout) : Mask.of(layout, indices);
    } catch (IllegalArgumentException e) {
      throw SafetensorsFile.broken(path, "its indices are not a mask: " + e.getMessage());
    }
    if (mask.size() != values.length || !mask.digest().equals(info.maskDigest())) {
      throw SafetensorsFile.broken(
          path, "its indices and values do not fit its mask " + info.maskDigest());
    }
    return mask;
  }
}
