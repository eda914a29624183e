package dev.weir.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A user's directory, laid out as Hugging Face's ONNX exports are. */
record ModelDirectory(Path directory) implements ModelSource {
  private static final String HEADS = "num_attention_heads";

  @Override
  public String place() {
    return directory.resolve("model.onnx").toString();
  }

  @Override
  public InputStream openOnnx() throws IOException {
    return Files.newInputStream(file("model.onnx"));
  }

  @Override
  public long onnxBytes() throws IOException {
    return Files.size(file("model.onnx"));
  }

  @Override
  public byte[] tokenizerJson() throws IOException {
    return Files.readAllBytes(file("tokenizer.json"));
  }

  @Override
  public int heads() throws IOException {
    Path config = file("config.json");
    JsonNode heads;
    try {
      heads = new ObjectMapper().readTree(config.toFile()).path(HEADS);
    } catch (JsonProcessingException e) {
      throw new UserException(
          config.toString(), "not JSON: " + e.getOriginalMessage(), "Copy the file again.");
    }
    if (!heads.isInt()) {
      throw new UserException(
          config.toString(),
          HEADS + " is missing or no whole number",
          "State the number of attention heads per layer of the model.");
    }
    return heads.intValue();
  }

  private Path file(String name) {
    Path file = directory.resolve(name);
    if (!Files.isReadable(file)) {
      throw new UserException(
          file.toString(),
          "the file is missing or cannot be read",
          "A model's directory needs model.onnx, tokenizer.json and config.json.");
    }
    return file;
  }
}
