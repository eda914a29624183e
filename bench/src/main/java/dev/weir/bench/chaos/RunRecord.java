package dev.weir.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.bench.chaos.Injector.Injected;
import dev.weir.bench.machine.Stalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a run left of itself.
 *
 * @param events of {@code events.jsonl}
 * @param commitMs when each step was seen to be committed, in milliseconds since 1970
 * @param stillMs for how long the machine as a whole stood still meanwhile
 * @param steps done
 * @param digest of the final state
 */
record RunRecord(
    List<Happening> events, List<Long> commitMs, long stillMs, long steps, String digest) {
  /** A line of {@code events.jsonl}. */
  record Happening(long atMs, String event, String worker, String text) {}

  /** How long after its end a fault explains that a worker is gone. */
  private static final long AFTERMATH_MS = 5_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  static RunRecord of(Path folder, Stalls stalls) {
    try {
      List<Happening> events = new ArrayList<>();
      for (JsonNode line : lines(folder.resolve("events.jsonl"))) {
        events.add(
            new Happening(
                line.path("unixMillis").asLong(),
                line.path("event").asText(),
                line.path("worker").asText(),
                line.path("text").asText()));
      }
      List<Long> commits = new ArrayList<>();
      for (JsonNode line : lines(folder.resolve("metrics.jsonl"))) {
        if (line.has("unixMillis")) { // Else an evaluation, or a step of a killed coordinator.
          commits.add(line.path("unixMillis").asLong());
        }
      }
      JsonNode summary = JSON.readTree(folder.resolve("summary.json").toFile());
      long stillMs = stalls.between(commits.get(0), commits.get(commits.size() - 1));
      return new RunRecord(
          events,
          commits,
          stillMs,
          summary.path("steps").asLong(),
          summary.path("stateDigest").asText());
    } catch (IOException e) {
      throw new UncheckedIOException("the run in " + folder + " left no complete record", e);
    }
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      try {
        nodes.add(JSON.readTree(line));
      } catch (IOException e) {
        // Cut off when the coordinator was killed.
      }
    }
    return nodes;
  }

  /** From the first committed step to the last, without what the machine stood still. */
  double seconds() {
    return (commitMs.get(commitMs.size() - 1) - commitMs.get(0) - stillMs) / 1e3;
  }

  double stepsPerSecond() {
    return (steps - 1) / seconds();
  }

  /** Until the next step was committed. */
  OptionalLong nextCommitAfter(long atMs) {
    return commitMs.stream().mapToLong(ms -> ms).filter(ms -> ms > atMs).map(ms -> ms - atMs).min();
  }

  /** Until one of some events of a worker. */
  OptionalLong nextEventAfter(long atMs, String worker, List<String> kinds) {
    return events.stream()
        .filter(event -> event.atMs() >= atMs && kinds.contains(event.event()))
        .filter(event -> event.worker().equals(worker))
        .mapToLong(event -> event.atMs() - atMs)
        .min();
  }

  /** How often a worker was gone that no fault had hit shortly before, with the coordinator up. */
  int unexpected(List<Injected> faults) {
    int count = 0;
    for (Happening event : events) {
      boolean explained =
          faults.stream()
              .filter(fault -> fault.worker().equals(event.worker()) || fault.worker().isEmpty())
              .anyMatch(
                  fault ->
                      event.atMs() >= fault.atMs()
                          && event.atMs()
                              <= fault.atMs() + fault.planned().lastsMs() + AFTERMATH_MS);
      if (event.event().equals("gone") && !explained) {
        count++;
      }
    }
    return count;
  }
}
