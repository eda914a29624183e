package dev.weir.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A coordinator and its workers, each a process, each worker behind a {@link Proxy} of its own. */
final class Cluster implements AutoCloseable {
  /** A place for a worker. Used by one thread at a time. */
  final class Slot {
    final int number;
    final Proxy proxy;
    String name;
    Process process;
    private int joins;

    /** Until when a fault has a hold on it, in milliseconds since 1970. */
    long heldUntilMs;

    Slot(int number) {
      this.number = number;
      this.proxy = new Proxy(port);
      this.name = "worker-" + (number + 1);
      this.process = startWorker(this);
    }

    /** Starts the worker that was here again. */
    void restart() {
      process = startWorker(this);
      Priority.lowerUntil(process, log(this), WORKER_STARTED);
    }

    /** Starts another worker in its place. */
    void replace() {
      joins++;
      name = "worker-" + (number + 1) + "-" + joins;
      restart();
    }
  }

  private static final String WORKER_STARTED = "training ";
  private static final String STANDBY_STARTED = "standing by";

  private final WeirJvm jvm;
  private final Path folder;
  private final int workers;
  private final int paceMs;
  private final int port = freePort();
  private final List<Slot> slots = new ArrayList<>();
  private final boolean hasStandby;
  private Process coordinator;
  private @Nullable Process standby;

  /**
   * Starts everything.
   *
   * @param job folder of {@code job.yaml}
   * @param folder of the run, not there yet
   * @param hasStandby whether a second coordinator waits to take over
   */
  Cluster(WeirJvm jvm, Path job, Path folder, int workers, int paceMs, boolean hasStandby) {
    this.jvm = jvm;
    this.folder = folder;
    this.workers = workers;
    this.paceMs = paceMs;
    try {
      Files.createDirectories(folder.resolve("logs"));
      Files.copy(
          job.resolve("job.yaml"), folder.resolve("job.yaml"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
    this.hasStandby = hasStandby;
    coordinator = startCoordinator();
    for (int number = 0; number < workers; number++) {
      slots.add(new Slot(number));
    }
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port is free", e);
    }
  }

  private Process startCoordinator(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "coordinator",
                "--run-dir",
                folder.toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--await-workers",
                String.valueOf(workers)));
    arguments.addAll(List.of(more));
    return jvm.start(coordinatorLog(), arguments);
  }

  private Path coordinatorLog() {
    return folder.resolve("logs/coordinator.log");
  }

  private Path log(Slot slot) {
    return folder.resolve("logs/" + slot.name + ".log");
  }

  private Process startWorker(Slot slot) {
    return jvm.start(
        log(slot),
        List.of(
            "worker",
            "--coordinator",
            slot.proxy.address(),
            "--name",
            slot.name,
            "--connect-timeout",
            "300",
            "--pace",
            paceMs + "ms"));
  }

  List<Slot> slots() {
    return slots;
  }

  Path folder() {
    return folder;
  }

  boolean isCoordinatorAlive() {
    return coordinator.isAlive();
  }

  /** The coordinator's exit code, or null while it runs. */
  @Nullable Integer exitCode() {
    return coordinator.isAlive() ? null : coordinator.exitValue();
  }

  int awaitEnd() throws InterruptedException {
    return coordinator.waitFor();
  }

  /**
   * Kills the coordinator; the standby takes over, or it is started again.
   *
   * @return when it listened again, in milliseconds since 1970
   */
  long restartCoordinator() throws InterruptedException {
    Process waiting = standby;
    coordinator.destroyForcibly().waitFor();
    coordinator = waiting == null ? startCoordinator("--resume") : waiting;
    while (coordinator.isAlive() && !isListening()) {
      Thread.sleep(5);
    }
    long listeningMs = System.currentTimeMillis();
    startStandby();
    return listeningMs;
  }

  /** Starts a coordinator that waits, if there is to be one. */
  void startStandby() {
    if (hasStandby) {
      standby = startCoordinator("--standby");
      Priority.lowerUntil(standby, coordinatorLog(), STANDBY_STARTED);
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Lines of {@code metrics.jsonl}, of which there is one for each committed step. */
  long steps() {
    Path metrics = folder.resolve("metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + metrics, e);
    }
  }

  /** Sends a signal, such as STOP, to a process. */
  static void signal(Process process, String signal) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send a signal", e);
    }
  }

  @Override
  public void close() {
    coordinator.destroyForcibly();
    if (standby != null) {
      standby.destroyForcibly();
    }
    for (Slot slot : slots) {
      slot.process.destroyForcibly();
      try {
        slot.proxy.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a proxy", e);
      }
    }
  }
}
