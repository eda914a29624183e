package dev.weir.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;

/** The model that comes with Weir as a dependency: MiniLM-L6-v2, trained to embed sentences. */
record BundledModel() implements ModelSource {
  private static final String ONNX = BUNDLED + ".onnx";
  private static final String TOKENIZER = BUNDLED + "-tokenizer.json";
  private static final int HEADS = 12;

  @Override
  public String place() {
    return BUNDLED;
  }

  @Override
  public InputStream openOnnx() throws IOException {
    return resource(ONNX).openStream();
  }

  @Override
  public long onnxBytes() throws IOException {
    return resource(ONNX).openConnection().getContentLengthLong();
  }

  @Override
  public byte[] tokenizerJson() throws IOException {
    try (InputStream in = resource(TOKENIZER).openStream()) {
      return in.readAllBytes();
    }
  }

  @Override
  public int heads() {
    return HEADS;
  }

  private static URL resource(String name) throws FileNotFoundException {
    URL url = BundledModel.class.getResource("/" + name);
    if (url == null) {
      throw new FileNotFoundException(name + " is not on the class path");
    }
    return url;
  }
}
