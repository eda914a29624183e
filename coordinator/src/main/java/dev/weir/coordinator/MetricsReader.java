package dev.weir.coordinator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code metrics.jsonl} back, as far as a run that goes on at a step keeps it. */
final class MetricsReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final long firstStep;
  private final List<String> lines = new ArrayList<>();
  private final List<StepRecord> steps = new ArrayList<>();
  private final List<Scored> evaluations = new ArrayList<>();

  /**
   * Reads what is there.
   *
   * @param file need not exist
   * @param firstStep the first step that will be done again
   */
  MetricsReader(Path file, long firstStep) {
    this.firstStep = firstStep;
    try {
      if (Files.exists(file)) {
        Files.readAllLines(file).forEach(this::line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** The lines that are kept. */
  List<String> lines() {
    return lines;
  }

  /** What they say. */
  RunHistory history() {
    return new RunHistory(List.copyOf(steps), List.copyOf(evaluations));
  }

  private void line(String text) {
    JsonNode line;
    try {
      line = JSON.readTree(text);
    } catch (IOException e) {
      return; // Cut off when the process died.
    }
    long step = line.path("step").asLong(Long.MAX_VALUE);
    JsonNode evaluation = line.path("evaluation");
    if (evaluation.isObject() && step <= firstStep) {
      evaluations.add(evaluation(step, evaluation));
      lines.add(text);
    } else if (!evaluation.isObject() && step < firstStep) {
      steps.add(step(step, line));
      lines.add(text);
    }
  }

  private static Scored evaluation(long step, JsonNode evaluation) {
    return new Scored(
        step,
        evaluation.path("accuracy").asDouble(),
        evaluation.path("mcc").asDouble(),
        evaluation.path("loss").asDouble(),
        evaluation.path("samples").asLong());
  }

  private static StepRecord step(long step, JsonNode line) {
    return new StepRecord(
        step,
        line.path("steps").asInt(1),
        line.path("loss").asDouble(Double.NaN),
        line.path("skipped").asBoolean(),
        line.path("attempts").asInt(),
        line.path("workers").asInt(),
        line.path("seconds").asDouble(),
        new StepTimes(
            1e9 * line.path("computeSeconds").asDouble(),
            1e9 * line.path("gatherSeconds").asDouble(),
            1e9 * line.path("allReduceSeconds").asDouble(),
            1e9 * line.path("waitingSeconds").asDouble(),
            1e9 * line.path("updateSeconds").asDouble()),
        line.path("sentBytes").asLong(),
        line.path("receivedBytes").asLong());
  }
}
