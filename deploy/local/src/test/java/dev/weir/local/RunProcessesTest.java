package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A coordinator and a worker as two commands: how they end, and what they tell nobody. */
@Execution(ExecutionMode.CONCURRENT)
class RunProcessesTest {
  private static final String TOKEN = "bd8f04e16a9340f3a7b1d19c";
  private static final String STEPS = "training.steps=60";

  @TempDir Path folder;
  private final List<WeirProcess> started = new ArrayList<>();
  private String address = "";

  @BeforeEach
  void writeJob() throws Exception {
    SmallJob.write(folder);
    address = "127.0.0.1:" + freePort();
  }

  @AfterEach
  void endAll() {
    started.forEach(process -> process.handle().destroyForcibly());
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private WeirProcess start(String... arguments) throws Exception {
    WeirProcess process =
        WeirProcess.start(folder, List.of(arguments), Map.of("WEIR_TOKEN", TOKEN));
    started.add(process);
    return process;
  }

  private WeirProcess coordinator(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("coordinator", "--job", "job.yaml", "--run-dir", "run", "--listen", address));
    arguments.addAll(List.of(more));
    return start(arguments.toArray(String[]::new));
  }

  @Test
  void aWorkerWhoseRunFailedSaysSoAndEndsWith3() throws Exception {
    WeirProcess coordinator =
        coordinator(
            "--set",
            "training.optimizer.learningRate=1e30",
            "--set",
            "training.maxSkippedSteps=1",
            "--set",
            STEPS);
    WeirProcess.Result worker = start("worker", "--coordinator", address).await();
    WeirProcess.Result ended = coordinator.await();

    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output()).contains("failed   ", "is not finite");
    assertThat(worker.exitCode()).as(worker.output()).isEqualTo(3);
    assertThat(worker.output())
        .contains("the coordinator at " + address + " says that the run failed: ")
        .contains("is not finite")
        .doesNotContain("\tat ");
  }

  @Test
  void byTopologyAutoAWorkerThatMayNotListenLeavesAllToTheCoordinator() throws Exception {
    WeirProcess coordinator =
        coordinator("--set", "communication.topology=auto", "--await-workers", "2");
    WeirProcess open = start("worker", "--coordinator", address, "--name", "open");
    WeirProcess shy =
        start("worker", "--coordinator", address, "--name", "shy", "--listen", "0.0.0.0:0");

    assertThat(coordinator.await().exitCode()).as(coordinator.text()).isZero();
    assertThat(coordinator.text())
        .contains("auto: sums go through the coordinator, since other workers do not reach shy");
    assertThat(open.await().output()).doesNotContain("serves no others");
    WeirProcess.Result told = shy.await();
    assertThat(told.exitCode()).as(told.output()).isZero();
    assertThat(told.output())
        .containsOnlyOnce("this worker serves no others, so all sums go through the coordinator")
        .contains("--listen 0.0.0.0:0", "--insecure");
  }

  @Test
  void theTokenIsShownNowhere() throws Exception {
    int admin = freePort();
    WeirProcess coordinator =
        coordinator("--admin", "127.0.0.1:" + admin, "--set", STEPS, "--await-workers", "2");
    WeirProcess worker = start("worker", "--coordinator", address, "--name", "first");
    awaitText(coordinator, "waiting for workers at step 0");
    WeirProcess stranger =
        WeirProcess.start(
            folder, List.of("worker", "--coordinator", address), Map.of("WEIR_TOKEN", TOKEN + "x"));
    started.add(stranger);
    assertThat(stranger.await().exitCode()).isEqualTo(2);

    assertThat(processList()).contains("dev.weir.local.Weir").doesNotContain(TOKEN);
    for (String page : List.of("", "metrics", "trace.json", "healthz")) {
      assertThat(get("http://127.0.0.1:" + admin + "/" + page)).as(page).doesNotContain(TOKEN);
    }
    WeirProcess second = start("worker", "--coordinator", address, "--name", "second");
    assertThat(coordinator.await().exitCode()).as(coordinator.text()).isZero();
    assertThat(worker.await().exitCode()).isZero();
    assertThat(second.await().exitCode()).isZero();
    for (WeirProcess process : started) {
      assertThat(process.text()).doesNotContain(TOKEN);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all.toString()).contains("summary.json", "report.html", "metrics.jsonl");
      for (Path file : all) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(bytes.contains(TOKEN)).as(file + " holds the token").isFalse();
      }
    }
  }

  private static String get(String page) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(page)).build(), BodyHandlers.ofString())
        .body();
  }

  /** What {@code ps} shows of all processes. */
  private String processList() throws Exception {
    Path list = folder.resolve("processes");
    Process ps =
        new ProcessBuilder("ps", "-eww", "-o", "args").redirectOutput(list.toFile()).start();
    assertThat(ps.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readString(list);
  }

  private static void awaitText(WeirProcess process, String text) {
    Awaitility.await(text)
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(2))
        .until(() -> process.text().contains(text) || !process.handle().isAlive());
  }
}
