package dev.weir.spark;

import dev.weir.cli.JoinToken;
import dev.weir.problem.UserException;
import dev.weir.process.Listening;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The coordinator as a child of the driver. It ends with the driver, having written its journal.
 */
final class CoordinatorProcess implements AutoCloseable {
  private static final int MISTAKE = 2;
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Tail errors;
  private final CompletableFuture<String> listening = new CompletableFuture<>();

  /**
   * Starts it.
   *
   * @param arguments of {@code weir coordinator}
   * @param output receives what it prints
   */
  CoordinatorProcess(
      Libraries libraries,
      String heap,
      List<String> arguments,
      String token,
      Consumer<String> output) {
    process = libraries.command(heap, arguments).environment(JoinToken.VARIABLE, token).start();
    new Tail(
        "weir-coordinator-output",
        process.inputReader(StandardCharsets.UTF_8),
        line -> announce(line, output));
    errors =
        new Tail(
            "weir-coordinator-errors",
            process.errorReader(StandardCharsets.UTF_8),
            System.err::println);
    CompletableFuture<Void> unused = process.onExit().thenAccept(end -> listening.complete(""));
  }

  private void announce(String line, Consumer<String> output) {
    String address = Listening.address(line);
    if (address == null) {
      output.accept(line);
    } else {
      listening.complete(address);
    }
  }

  /**
   * Waits until it listens, and returns its port.
   *
   * @throws UserException if it does not come to that for a mistake of the user's
   */
  int awaitPort() throws InterruptedException {
    try {
      String address = listening.get();
      if (address.isEmpty()) {
        throw failure();
      }
      return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it exceptionally", e);
    }
  }

  /** Completes when it has ended. */
  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end; true if the run is finished. */
  boolean awaitFinished() throws InterruptedException {
    return process.waitFor() == 0;
  }

  /** Why it ended without having finished the run. */
  RuntimeException failure() throws InterruptedException {
    return process.waitFor() == MISTAKE
        ? new UserException(errors.mistake())
        : new IllegalStateException(
            "the coordinator ended with exit code "
                + process.exitValue()
                + "; its last words:\n"
                + errors.text());
  }

  /** Ends it as Ctrl-C does: it writes what it has, so that the run can be resumed. */
  void stop() {
    process.toHandle().destroy(); // Process.destroy would close the streams that are read.
  }

  @Override
  public void close() {
    stop();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
