package dev.weir.model;

import java.io.ByteArrayInputStream;
import java.util.Base64;

/** Opens the reader of ONNX files to tests elsewhere. */
public final class OnnxFuzz {
  private OnnxFuzz() {}

  /** A small file with everything in it that the reader looks at, as OnnxReaderTest makes one. */
  public static byte[] sound() {
    return Base64.getDecoder()
        .decode(
            "CAcSBHRlc3Q6uAEKMAoBeAoGZmFjdG9yEhAvYS9NYXRNdWxfb3V0cHV0GgkvYS9NYXRNdWwi"
                + "Bk1hdE11bAolCgF4CgRiaWFzEg0vYS9BZGRfb3V0cHV0GgYvYS9BZGQiA0FkZCoUCAIQAUIE"
                + "Ymlhc0oIAACAPwAAAMAqKAgCCAMQAUIGZmFjdG9yShgAAIA/AAAAQAAAQEAAAIBAAACgQAAA"
                + "wEAqHQgBEAdCDXdob2xlIG51bWJlcnNKCAAAoEAAAMBA");
  }

  /** Reads a file. */
  public static void read(byte[] bytes) {
    var unused = OnnxReader.read(new ByteArrayInputStream(bytes), bytes.length, "model.onnx");
  }
}
