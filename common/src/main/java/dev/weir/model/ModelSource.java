package dev.weir.model;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a pretrained model comes from. */
public sealed interface ModelSource permits BundledModel, ModelDirectory {

  /** The name of the model that comes with Weir. */
  String BUNDLED = "all-minilm-l6-v2";

  /**
   * Finds a model by its name or its place.
   *
   * @param nameOrDirectory {@value #BUNDLED}, or a directory with {@code model.onnx}, {@code
   *     tokenizer.json} and {@code config.json}
   * @throws UserException if it is neither
   */
  static ModelSource of(String nameOrDirectory) {
    if (nameOrDirectory.equals(BUNDLED)) {
      return new BundledModel();
    }
    Path directory = Path.of(nameOrDirectory);
    if (!Files.isDirectory(directory)) {
      throw new UserException(
          nameOrDirectory,
          "neither the bundled model, " + BUNDLED + ", nor a directory",
          "Name the bundled model, or a directory with model.onnx, tokenizer.json and"
              + " config.json.");
    }
    return new ModelDirectory(directory);
  }

  /** The file of the weights, for messages. */
  String place();

  /** Opens the weights, in ONNX; the caller closes them. */
  InputStream openOnnx() throws IOException;

  /** Size of the weights' file. */
  long onnxBytes() throws IOException;

  /** The tokenizer in Hugging Face's format, as it was published: it may pad and truncate. */
  byte[] tokenizerJson() throws IOException;

  /**
   * Attention heads per layer, which the weights do not tell.
   *
   * @throws UserException if nothing tells it
   */
  int heads() throws IOException;
}
