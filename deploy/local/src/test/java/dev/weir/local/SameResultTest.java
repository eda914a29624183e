package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trained weights are a function of the job file alone. Real processes, real sockets. */
@Execution(ExecutionMode.CONCURRENT)
class SameResultTest {
  @TempDir Path folder;

  @BeforeEach
  void writeJob() throws Exception {
    SmallJob.write(folder);
  }

  @Test
  void stateDigestIsTheSameForAnyNumberOfWorkers() throws Exception {
    List<String> digests = digests("method.name=fisher", 1, 2, 4);
    assertThat(digests).hasSize(3).containsOnly(digests.get(0));
    assertThat(digests("communication.topology=direct", 3)).containsOnly(digests.get(0));
    String[] arguments = {"job.yaml", "--set", "communication.topology=auto", "--workers", "3"};
    JsonNode auto = WeirProcess.train(folder, "auto", arguments);
    assertThat(auto.get("stateDigest").asText()).isEqualTo(digests.get(0));
    assertThat(auto.get("topology").asText()).isEqualTo("auto");
    assertThat(auto.get("topologyChoice").asText())
        .containsPattern("direct, .* ms per exchange|through the coordinator, .* ms per exchange");
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "magnitude", "bitfit", "dense"})
  void whateverTheMethod(String method) throws Exception {
    List<String> digests = digests("method.name=" + method, 1, 3);
    assertThat(digests).hasSize(2).containsOnly(digests.get(0));
  }

  @Test
  void sumsOfSixteenBitsAreTheSameForAnyNumberOfWorkersAndCostHalf() throws Exception {
    List<String> digests = digests("communication.precision=fixed16", 1, 2, 3);
    assertThat(digests).hasSize(3).containsOnly(digests.get(0));
    // Of one worker: of more, a shard that was overdue may have been sent twice.
    JsonNode wire = WeirProcess.summary(folder.resolve("run1")).get("wire");
    double payload = wire.get("payloadBytesPerStepPerWorker").asDouble();
    assertThat(payload * 400)
        .isCloseTo(wire.get("denseBytesPerStepPerWorker").asDouble(), within(400.0));
    assertThat(wire.get("stepReceivedBytesPerStepPerWorker").asDouble()).isLessThan(1.1 * payload);
    assertThat(wire.get("stepSentBytesPerStepPerWorker").asDouble()).isLessThan(1.1 * payload);
  }

  /** H = 3 of 4 steps: the second round is shorter. FaultsTest has the outer momentum. */
  @Test
  void replicasTakeTheSameStepsWhoeverHostsThem() throws Exception {
    List<String> digests = digests("communication.everySteps=3", 1, 3);
    assertThat(digests).hasSize(2).containsOnly(digests.get(0));
    JsonNode wire = WeirProcess.summary(folder.resolve("run3")).get("wire");
    assertThat(wire.get("payloadBytesPerStepPerWorker").asDouble() * 600)
        .isCloseTo(wire.get("denseBytesPerStepPerWorker").asDouble(), within(600.0));
  }

  /** Of runs with so many workers each, in the folders run1, run2, … */
  private List<String> digests(String setting, int... numbers) throws Exception {
    List<String> digests = new ArrayList<>();
    for (int workers : numbers) {
      JsonNode summary =
          WeirProcess.train(
              folder,
              "run" + workers,
              "job.yaml",
              "--set",
              setting,
              "--workers",
              String.valueOf(workers));
      assertThat(summary.get("workers").asInt()).isEqualTo(workers);
      assertThat(summary.get("steps").asInt()).isEqualTo(4);
      digests.add(summary.get("stateDigest").asText());
    }
    return digests;
  }

  @Test
  void anInterruptedRunIsResumedToTheSameBits() throws Exception {
    String[] steps = {"job.yaml", "--set", "training.steps=150"};
    JsonNode unbroken = WeirProcess.train(folder, "unbroken", steps);

    List<String> arguments = new ArrayList<>(List.of("train", "--run-dir", "broken"));
    arguments.addAll(List.of(steps));
    WeirProcess broken = WeirProcess.start(folder, arguments);
    Path metrics = folder.resolve("broken/metrics.jsonl");
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> lines(metrics) >= 5);
    terminate(broken);
    WeirProcess.Result stopped = broken.await();
    assertThat(stopped.output()).contains("./weir train --resume broken");
    assertThat(WeirProcess.summary(folder.resolve("broken")).get("ended").asText())
        .isEqualTo("stopped");

    WeirProcess.Result resumed = WeirProcess.run(folder, "train", "--resume", "broken");

    assertThat(resumed.exitCode()).as(resumed.output()).isZero();
    JsonNode summary = WeirProcess.summary(folder.resolve("broken"));
    assertThat(summary.get("stateDigest")).isEqualTo(unbroken.get("stateDigest"));
    assertThat(lines(metrics)).isEqualTo(150);
  }

  @Test
  void evaluationIsRepeatedFromBaseModelAndDelta() throws Exception {
    JsonNode summary = WeirProcess.train(folder, "run", "job.yaml");

    WeirProcess.Result eval = WeirProcess.run(folder, "eval", "run");

    assertThat(eval.exitCode()).as(eval.output()).isZero();
    JsonNode after = summary.get("eval").get("after");
    assertThat(eval.output())
        .contains(
            String.format(
                Locale.ROOT,
                "accuracy %.4f, Matthews correlation %.4f",
                after.get("accuracy").asDouble(),
                after.get("mcc").asDouble()));
  }

  private static long lines(Path file) throws Exception {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }

  /** As Ctrl-C does, but also where a parent has had SIGINT ignored. */
  private static void terminate(WeirProcess process) throws Exception {
    new ProcessBuilder("kill", "-TERM", String.valueOf(process.handle().pid())).start().waitFor();
  }
}
