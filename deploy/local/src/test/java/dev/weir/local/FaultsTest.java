package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Processes that are killed and stopped in the middle of a run: the result stays the same. */
@Isolated("a process that gets no processor for a while is taken for one that hangs")
class FaultsTest {
  private static final Map<String, String> TOKEN = Map.of("WEIR_TOKEN", "0123456789abcdef");
  private static final Map<String, String> TALKATIVE =
      Map.of(
          "WEIR_TOKEN", "0123456789abcdef",
          "JDK_JAVA_OPTIONS",
              "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dweir.log.console=DEBUG -Dweir.log.level=DEBUG");
  private static final int STEPS = 250;
  private static final String[] JOB = {
    "job.yaml",
    "--set",
    "training.steps=" + STEPS,
    "--set",
    "training.shards=6",
    "--set",
    "communication.failureTimeout=2s"
  };

  @TempDir Path folder;
  private final List<WeirProcess> started = new ArrayList<>();
  private String address = "";

  @BeforeEach
  void writeJob() throws Exception {
    SmallJob.write(folder);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
  }

  @AfterEach
  void endAll() {
    started.forEach(process -> process.handle().destroyForcibly());
  }

  @Test
  void killedAndHungWorkersAndAKilledCoordinatorLeaveTheResultAsItIs() throws Exception {
    String undisturbed = WeirProcess.train(folder, "calm", JOB).get("stateDigest").asText();
    Path run = Files.createDirectory(folder.resolve("stormy"));
    Files.copy(folder.resolve("calm/job.yaml"), run.resolve("job.yaml"));
    WeirProcess coordinator = coordinator();
    WeirProcess killed = worker("killed");
    WeirProcess hung = worker("hung");
    WeirProcess steady = worker("steady");

    awaitSteps(10);
    killed.handle().destroyForcibly();
    awaitText(coordinator, "killed (worker");
    awaitSteps(steps() + 5);
    signal(hung, "STOP");
    awaitText(coordinator, "it was not heard for");
    awaitSteps(steps() + 5);
    signal(hung, "CONT");
    awaitText(hung, "dialling again");
    coordinator.handle().destroyForcibly();
    coordinator.await();
    assertThat(steps()).as("killed in the middle").isLessThan(STEPS);
    WeirProcess.Result resumed = coordinator("--resume").await();

    assertThat(resumed.exitCode()).as(resumed.output()).isZero();
    assertThat(WeirProcess.summary(run).get("stateDigest").asText()).isEqualTo(undisturbed);
    assertThat(steps()).isEqualTo(STEPS);
    assertThat(steady.await().output()).contains("dialling again");
    assertThat(hung.await().exitCode()).isZero();
  }

  /**
   * Rounds of 10 steps that take at least 0.6 s, 5 of them and a shorter one; undisturbed by the
   * hub, with faults among the workers.
   */
  @Test
  void aWorkerAndTheCoordinatorKilledInTheMiddleOfARoundLeaveTheResultAsItIs() throws Exception {
    String[] rounds = {
      "job.yaml",
      "--set",
      "training.steps=55",
      "--set",
      "training.shards=6",
      "--set",
      "communication.failureTimeout=2s",
      "--set",
      "communication.everySteps=10",
      "--set",
      "communication.outer.combine=nesterov"
    };
    String undisturbed = WeirProcess.train(folder, "calm", rounds).get("stateDigest").asText();
    Path run = Files.createDirectory(folder.resolve("stormy"));
    String job = Files.readString(folder.resolve("calm/job.yaml"));
    assertThat(job).contains("topology: hub");
    Files.writeString(run.resolve("job.yaml"), job.replace("topology: hub", "topology: direct"));
    WeirProcess coordinator = coordinator();
    WeirProcess killed = worker("killed", "--pace", "30ms");
    WeirProcess steady = worker("steady", "--pace", "30ms");
    WeirProcess other = worker("other", "--pace", "30ms");

    awaitSteps(1);
    killed.handle().destroyForcibly();
    awaitText(coordinator, "killed (worker");
    assertThat(coordinator.text())
        .containsPattern(
            "killed \\(worker \\d+, [^)]*\\) is gone at step \\d0, while shards .* were expected");
    awaitSteps(steps() + 1);
    awaitText(steady, "step " + steps() + "0: computing");
    coordinator.handle().destroyForcibly();
    coordinator.await();
    long before = steps();
    assertThat(before).as("killed in the middle").isLessThan(6);
    WeirProcess.Result resumed = coordinator("--resume").await();

    assertThat(steady.await().output() + other.await().output())
        .containsPattern(
            "of the round from step " + before + "0 is given up after \\d+ of 10 steps");
    assertThat(resumed.exitCode()).as(resumed.output()).isZero();
    JsonNode summary = WeirProcess.summary(run);
    assertThat(summary.get("stateDigest").asText()).isEqualTo(undisturbed);
    assertThat(summary.get("steps").asInt()).isEqualTo(55);
    assertThat(steps()).as("rounds").isEqualTo(6);
  }

  private WeirProcess coordinator(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("coordinator", "--run-dir", "stormy", "--listen", address, "--await-workers"));
    arguments.add("3");
    arguments.addAll(List.of(more));
    return start(arguments, TOKEN);
  }

  private WeirProcess worker(String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("worker", "--coordinator", address, "--name", name));
    arguments.addAll(List.of(more));
    return start(arguments, TALKATIVE);
  }

  private WeirProcess start(List<String> arguments, Map<String, String> environment)
      throws IOException {
    WeirProcess process = WeirProcess.start(folder, arguments, environment);
    started.add(process);
    return process;
  }

  private long steps() throws IOException {
    Path metrics = folder.resolve("stormy/metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    }
  }

  private void awaitSteps(long atLeast) {
    await("step " + atLeast, () -> steps() >= atLeast);
  }

  private static void awaitText(WeirProcess process, String text) {
    await(text, () -> process.text().contains(text));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(1))
        .until(condition);
  }

  private static void signal(WeirProcess process, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.handle().pid()))
        .start()
        .waitFor();
  }
}
