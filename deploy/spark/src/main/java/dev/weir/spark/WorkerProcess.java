package dev.weir.spark;

import dev.weir.cli.JoinToken;
import dev.weir.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;

/** A worker as a child of the executor. It ends with its task, and when the executor is killed. */
final class WorkerProcess implements AutoCloseable {
  private static final int DONE = 0;
  private static final int MISTAKE = 2;
  private static final int RUN_FAILED = 3;
  private static final long POLL_MS = 100;
  private static final long STOP_SECONDS = 5;

  private final Path certificates;
  private final Process process;
  private final Tail output;

  WorkerProcess(Invitation invitation, Device device, String name) {
    Libraries libraries = Libraries.unpacked();
    certificates = libraries.secretFolder();
    write(invitation.certificates());
    JavaProcess worker =
        libraries
            .command(invitation.heap(), arguments(invitation, device, name))
            .option("-Dweir.log.console=INFO")
            .environment(JoinToken.VARIABLE, invitation.token());
    device.environment().forEach(worker::environment);
    process = worker.startTogether();
    output =
        new Tail(
            "weir-" + name,
            process.inputReader(StandardCharsets.UTF_8),
            line -> System.err.println("weir " + name + ": " + line));
  }

  private List<String> arguments(Invitation invitation, Device device, String name) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "worker",
                "--coordinator",
                invitation.address(),
                "--certs",
                certificates.toString(),
                "--name",
                name,
                "--device",
                device.option()));
    if (invitation.hasData()) {
      Path folder = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath().normalize();
      arguments.addAll(List.of("--data-dir", folder.toString()));
    }
    return arguments;
  }

  private void write(Map<String, byte[]> files) {
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(certificates.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + certificates, e);
    }
  }

  /**
   * Waits for its end.
   *
   * @throws org.apache.spark.TaskKilledException if Spark takes the task away
   * @throws IllegalStateException if the worker failed
   */
  WorkerEnd await(TaskContext context) throws InterruptedException {
    while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
      context.killTaskIfInterrupted();
    }
    return switch (process.exitValue()) {
      case DONE, RUN_FAILED -> new WorkerEnd(""); // The coordinator's end says which.
      case MISTAKE -> new WorkerEnd(output.mistake());
      default ->
          throw new IllegalStateException(
              "the worker ended with exit code " + process.exitValue() + ":\n" + output.text());
    };
  }

  @Override
  public void close() {
    process.toHandle().destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    FileUtils.deleteQuietly(certificates.toFile());
  }
}
