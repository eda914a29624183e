package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A coordinator that something else starts again, always with the same command. */
@Execution(ExecutionMode.CONCURRENT)
class RestartTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STEPS = 200;

  @TempDir Path folder;
  private final List<WeirProcess> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(process -> process.handle().destroyForcibly());
  }

  @Test
  void workersWaitForACoordinatorThatWasStoppedAndTheSameCommandGoesOn() throws Exception {
    SmallJob.write(folder);
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        Files.readString(job)
            .replace(
                "steps: 4", "steps: " + STEPS + "\n  evaluateEvery: 20\n  evaluateSamples: 4"));
    List<String> coordinator =
        List.of(
            "coordinator",
            "--job",
            "job.yaml",
            "--run-dir",
            "run",
            "--resume",
            "--listen",
            address);
    List<String> worker = List.of("worker", "--coordinator", address);

    WeirProcess first = start(coordinator);
    WeirProcess steady = start(worker);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> steps() >= 5);
    first.handle().destroy();
    first.await();
    assertThat(steps()).as("stopped in the middle").isLessThan(STEPS);
    assertThat(steady.handle().isAlive()).isTrue();
    WeirProcess.Result again = start(coordinator).await();

    assertThat(again.exitCode()).as(again.output()).isZero();
    assertThat(steps()).isEqualTo(STEPS);
    WeirProcess.Result ended = steady.await();
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("dialling again");
    String unevaluated =
        WeirProcess.train(folder, "calm", "job.yaml", "--set", "training.evaluateEvery=0")
            .get("stateDigest")
            .asText();
    assertThat(WeirProcess.summary(folder.resolve("run")).get("stateDigest").asText())
        .isEqualTo(unevaluated);
    assertThat(numbers(false)).isEqualTo(LongStream.range(0, STEPS).boxed().toList());
    assertThat(numbers(true))
        .startsWith(0L)
        .endsWith((long) STEPS)
        .isSorted()
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(2);
  }

  private WeirProcess start(List<String> arguments) throws Exception {
    WeirProcess process =
        WeirProcess.start(folder, arguments, Map.of("WEIR_TOKEN", "0123456789abcdef"));
    started.add(process);
    return process;
  }

  private long steps() throws Exception {
    return lines().stream().filter(line -> line.contains("\"attempts\"")).count();
  }

  /** The step of each line of metrics.jsonl: of the evaluations, or of the steps. */
  private List<Long> numbers(boolean evaluations) throws Exception {
    List<Long> numbers = new ArrayList<>();
    for (String line : lines()) {
      JsonNode fields = JSON.readTree(line);
      if (fields.has("evaluation") == evaluations) {
        numbers.add(fields.get("step").asLong());
      }
    }
    return numbers;
  }

  private List<String> lines() throws Exception {
    Path metrics = folder.resolve("run/metrics.jsonl");
    return Files.exists(metrics) ? Files.readAllLines(metrics) : List.of();
  }
}
