package dev.weir.local;

import dev.weir.cli.Cli;
import dev.weir.cli.JoinToken;
import dev.weir.coordinator.RunDirectory;
import dev.weir.process.JavaProcess;
import dev.weir.process.Listening;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One run on this machine: starts the coordinator, then the workers once it listens, and ends when
 * the coordinator ends. Whoever knows the run's random token can take part, and nobody else.
 */
final class LocalRun {
  private static final int STOP_SECONDS = 30;
  private static final String NO_ADMIN = "off";

  private final RunDirectory directory;
  private final int workers;
  private final int port;
  private final String admin;
  private final boolean resume;
  private final boolean quiet;
  private final String token = JoinToken.random();
  private final List<Process> workerProcesses = new CopyOnWriteArrayList<>();

  LocalRun(
      RunDirectory directory, int workers, int port, String admin, boolean resume, boolean quiet) {
    this.directory = directory;
    this.workers = workers;
    this.port = port;
    this.admin = admin;
    this.resume = resume;
    this.quiet = quiet;
  }

  /** Runs to the end and returns the coordinator's exit code. */
  int run() throws InterruptedException {
    makeLogFolder();
    Process coordinator = startCoordinator();
    Thread stop = new Thread(() -> stop(coordinator), "weir-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try (BufferedReader output = coordinator.inputReader(StandardCharsets.UTF_8)) {
      relay(output, coordinator);
      return coordinator.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what the coordinator prints", e);
    } finally {
      workerProcesses.forEach(Process::destroy);
      removeHook(stop);
    }
  }

  private void makeLogFolder() {
    try {
      Files.createDirectories(directory.logs());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory.logs(), e);
    }
  }

  /** Prints what the coordinator prints; its first line says where it listens. */
  private void relay(BufferedReader output, Process coordinator) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      String address = Listening.address(line);
      if (address != null) {
        startWorkers(address, coordinator);
      } else {
        System.out.println(line);
      }
    }
  }

  private Process startCoordinator() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "coordinator",
                "--run-dir",
                directory.path().toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--await-workers",
                String.valueOf(workers),
                "--progress",
                quiet ? "none" : Boolean.getBoolean("weir.terminal") ? "bar" : "lines"));
    if (!admin.equals(NO_ADMIN)) {
      arguments.addAll(List.of("--admin", admin));
    }
    if (resume) {
      arguments.add("--resume");
    }
    return process(arguments, directory.logs().resolve("coordinator.log")).startVisibly();
  }

  private JavaProcess process(List<String> arguments, Path log) {
    return new JavaProcess(System.getProperty("java.class.path"), Weir.class.getName(), arguments)
        .log(log)
        .environment(JoinToken.VARIABLE, token);
  }

  private void startWorkers(String address, Process coordinator) {
    for (int number = 1; number <= workers; number++) {
      Path log = directory.logs().resolve("worker-" + number + ".log");
      String name = "worker-" + number;
      Process worker =
          process(List.of("worker", "--coordinator", address, "--name", name), log)
              .startQuietly(log.toFile());
      workerProcesses.add(worker);
      CompletableFuture<Void> unused =
          worker.onExit().thenAccept(ended -> workerEnded(name, ended, log, coordinator));
    }
  }

  private void workerEnded(String name, Process worker, Path log, Process coordinator) {
    boolean failed = worker.exitValue() == Cli.USAGE || worker.exitValue() == Cli.INTERNAL;
    if (failed && coordinator.isAlive()) {
      System.err.println(
          name + " ended with exit code " + worker.exitValue() + "; its log is " + log);
      if (workerProcesses.stream().noneMatch(Process::isAlive)) {
        System.err.println("no worker is left, so the run is stopped");
        coordinator.toHandle().destroy();
      }
    }
  }

  /** On Ctrl-C: gives the coordinator time to write what it has. */
  private void stop(Process coordinator) {
    coordinator.toHandle().destroy(); // Process.destroy would close the stream that we read.
    try {
      if (!coordinator.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        coordinator.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workerProcesses.forEach(Process::destroy);
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook is running: the process is being stopped.
      hook.setName("weir-stop-running");
    }
  }
}
