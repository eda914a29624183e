package dev.weir.model;

import java.io.ByteArrayInputStream;
import java.util.List;

/** Opens the reader of ONNX files to tests elsewhere. */
public final class OnnxFuzz {
  private OnnxFuzz() {}

  /** A small file with everything in it that the reader looks at. */
  public static byte[] sound() {
    return new OnnxFile()
        .node("MatMul", "/a/MatMul", "x", "factor")
        .node("Add", "/a/Add", "x", "bias")
        .tensor("bias", List.of(2), 1, -2)
        .tensor("factor", List.of(2, 3), 1, 2, 3, 4, 5, 6)
        .tensor("whole numbers", 7, 9, List.of(1), 5, 6)
        .bytes();
  }

  /** Reads a file. */
  public static void read(byte[] bytes) {
    var unused = OnnxReader.read(new ByteArrayInputStream(bytes), bytes.length, "model.onnx");
  }
}
