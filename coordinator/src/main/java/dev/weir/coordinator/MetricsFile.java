package dev.weir.coordinator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.coordinator.progress.StepRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** {@code metrics.jsonl}: a line per step. */
final class MetricsFile implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferedWriter lines;

  /**
   * Goes on with {@code file}, dropping the lines of steps that are to be done again.
   *
   * @param firstStep the first step that will be added
   */
  MetricsFile(Path file, long firstStep) {
    try {
      List<String> kept =
          Files.exists(file)
              ? Files.readAllLines(file).stream().filter(line -> isBefore(line, firstStep)).toList()
              : List.of();
      Files.write(file, kept);
      lines = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static boolean isBefore(String line, long step) {
    try {
      return JSON.readTree(line).path("step").asLong(step) < step;
    } catch (IOException e) {
      return false; // Cut off when the process died.
    }
  }

  void add(StepRecord record) {
    try (JsonGenerator json = JSON.createGenerator(lines)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      write(json, record);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a line of metrics", e);
    }
    try {
      lines.newLine();
      lines.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a line of metrics", e);
    }
  }

  private static void write(JsonGenerator json, StepRecord record) throws IOException {
    json.writeStartObject();
    json.writeNumberField("step", record.step());
    if (record.skipped()) {
      json.writeBooleanField("skipped", true);
    } else {
      json.writeNumberField("loss", record.loss());
    }
    json.writeNumberField("attempts", record.attempts());
    json.writeNumberField("workers", record.workers());
    json.writeNumberField("seconds", record.seconds());
    json.writeNumberField("computeSeconds", record.times().computeNs() / 1e9);
    json.writeNumberField("gatherSeconds", record.times().gatherNs() / 1e9);
    json.writeNumberField("allReduceSeconds", record.times().allReduceNs() / 1e9);
    json.writeNumberField("updateSeconds", record.times().updateNs() / 1e9);
    json.writeNumberField("waitingSeconds", record.times().waitingNs() / 1e9);
    json.writeNumberField("sentBytes", record.sentBytes());
    json.writeNumberField("receivedBytes", record.receivedBytes());
    json.writeEndObject();
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the metrics", e);
    }
  }
}
