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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A real coordinator whose run directory is on a real disk that becomes full. */
@Execution(ExecutionMode.CONCURRENT)
class FullDiskSystemTest {
  private static final Map<String, String> TOKEN = Map.of("WEIR_TOKEN", "0123456789abcdef");
  private static final int DISK = 16;
  private static final int FILLED = 12;

  @TempDir Path folder;
  private final List<WeirProcess> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(process -> process.handle().destroyForcibly());
  }

  @Test
  void theCoordinatorSaysWhatItNeedsPausesAndGoesOnToTheSameBits() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    TinyDisk disk = new TinyDisk(run, DISK, FILLED);
    disk.assumePossible();
    SmallJob.write(folder);
    Path job = folder.resolve("job.yaml");
    Files.writeString(job, Files.readString(job).replace("steps: 4", "steps: 30"));
    String calm = WeirProcess.train(folder, "calm", "job.yaml").get("stateDigest").asText();
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + free.getLocalPort();
    }

    WeirProcess coordinator =
        start(
            disk.command(),
            List.of("coordinator", "--job", "job.yaml", "--run-dir", "run", "--listen", address));
    WeirProcess worker = start(List.of(), List.of("worker", "--coordinator", address));
    awaitText(coordinator, "training waits until there is room");
    assertThat(coordinator.text())
        .containsPattern(
            "step \\d+: cannot write \\d+ bytes to run/journal/steps-\\d+.log"
                + " \\(No space left on device; \\d+ bytes are free there\\): training waits until"
                + " there is room. Free some; or stop with Ctrl-C and go on later with --resume");
    assertThat(coordinator.handle().isAlive()).isTrue();
    assertThat(worker.handle().isAlive()).isTrue();
    disk.free(coordinator.handle());
    awaitText(coordinator, "there is room again: training goes on after ");
    WeirProcess.Result worked = worker.await();
    WeirProcess.Result ended = coordinator.await();

    assertThat(worked.exitCode()).as(worked.output()).isZero();
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(calm);
  }

  private WeirProcess start(List<String> by, List<String> arguments) throws Exception {
    WeirProcess process = WeirProcess.start(folder, by, arguments, TOKEN);
    started.add(process);
    return process;
  }

  private static void awaitText(WeirProcess process, String text) {
    Awaitility.await(text)
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(2))
        .until(() -> process.text().contains(text) || !process.handle().isAlive());
  }
}
