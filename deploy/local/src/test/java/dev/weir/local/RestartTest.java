package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that something else starts again, always with the same command. */
class RestartTest {
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
    Files.writeString(job, Files.readString(job).replace("steps: 4", "steps: " + STEPS));
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
    String calm = WeirProcess.train(folder, "calm", "job.yaml").get("stateDigest").asText();
    assertThat(WeirProcess.summary(folder.resolve("run")).get("stateDigest").asText())
        .isEqualTo(calm);
  }

  private WeirProcess start(List<String> arguments) throws Exception {
    WeirProcess process =
        WeirProcess.start(folder, arguments, Map.of("WEIR_TOKEN", "0123456789abcdef"));
    started.add(process);
    return process;
  }

  private long steps() throws Exception {
    Path metrics = folder.resolve("run/metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    }
  }
}
