package dev.weir.bench.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.cli.JoinToken;
import dev.weir.local.Weir;
import dev.weir.process.JavaProcess;
import dev.weir.process.Listening;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A coordinator and workers that have nothing to do but to stay in touch, because one worker is
 * still awaited.
 */
final class IdleRun implements AutoCloseable {
  private static final String TOKEN = "upkeep-upkeep-upkeep";
  private static final int POLL_MS = 200;

  private final Path folder;
  private final Process coordinator;
  private final List<Process> workers = new ArrayList<>();

  /**
   * Starts it.
   *
   * @param folder holds {@code job.yaml}
   */
  IdleRun(Path folder, int count) {
    this.folder = folder;
    String all = String.valueOf(count + 1);
    coordinator =
        process("coordinator", "--run-dir", folder.toString(), "--await-workers", all)
            .startTogether();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(coordinator.getInputStream(), UTF_8));
    String address = address(output);
    for (int i = 1; i <= count; i++) {
      workers.add(
          process("worker", "--coordinator", address, "--name", "worker-" + i)
              .startQuietly(folder.resolve("worker-" + i + ".log").toFile()));
    }
  }

  private static JavaProcess process(String... arguments) {
    return new JavaProcess(
            System.getProperty("java.class.path"), Weir.class.getName(), List.of(arguments))
        .environment(JoinToken.VARIABLE, TOKEN);
  }

  private static String address(BufferedReader output) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        String address = Listening.address(line);
        if (address != null) {
          return address;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("the coordinator ended before it listened");
  }

  /** Waits until all workers are ready. */
  void awaitReady() throws InterruptedException {
    while (ready() < workers.size()) {
      if (!coordinator.isAlive() || !workers.stream().allMatch(Process::isAlive)) {
        throw new IllegalStateException("the run in " + folder + " ended too early");
      }
      Thread.sleep(POLL_MS);
    }
  }

  private long ready() {
    Path events = folder.resolve("events.jsonl");
    if (!Files.exists(events)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(events)) {
      return lines.filter(line -> line.contains("\"ready\"")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processor time of the coordinator until now. */
  Duration coordinatorTime() {
    return time(coordinator);
  }

  /** Processor time of one worker until now. */
  Duration workerTime() {
    return time(workers.get(0));
  }

  private static Duration time(Process process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  @Override
  public void close() {
    workers.forEach(Process::destroyForcibly);
    coordinator.destroyForcibly();
  }
}
