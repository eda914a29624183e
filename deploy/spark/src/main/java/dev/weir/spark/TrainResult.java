package dev.weir.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * What a run came to.
 *
 * @param runDirectory folder of the run, on the driver
 * @param delta what was trained: the file to load on top of the base model
 * @param stateDigest SHA-256 of the trained state: the same for the same job and data, wherever and
 *     by how many workers it was trained
 * @param steps steps done
 * @param before scores of the base model on the held-out samples
 * @param after scores of the trained model
 */
public record TrainResult(
    Path runDirectory, Path delta, String stateDigest, long steps, Score before, Score after) {

  /**
   * How well the held-out samples are classified.
   *
   * @param accuracy share of right answers
   * @param matthews Matthews correlation
   * @param samples number of samples
   */
  public record Score(double accuracy, double matthews, long samples) {
    private static Score of(JsonNode json) {
      return new Score(
          json.get("accuracy").asDouble(),
          json.get("mcc").asDouble(),
          json.get("samples").asLong());
    }
  }

  /** Reads what a finished run has left in its folder. */
  static TrainResult of(Path runDirectory) {
    try {
      JsonNode summary = new ObjectMapper().readTree(runDirectory.resolve("summary.json").toFile());
      return new TrainResult(
          runDirectory,
          runDirectory.resolve("delta.safetensors"),
          summary.get("stateDigest").asText(),
          summary.get("steps").asLong(),
          Score.of(summary.get("eval").get("before")),
          Score.of(summary.get("eval").get("after")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the summary in " + runDirectory, e);
    }
  }
}
