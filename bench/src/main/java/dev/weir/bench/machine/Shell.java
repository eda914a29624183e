package dev.weir.bench.machine;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs of the machine to their end. */
public final class Shell {
  private Shell() {}

  /**
   * Runs a command and returns what it printed.
   *
   * @throws UserException if it cannot be started or fails, with what it printed
   */
  public static String run(List<String> command) {
    String line = String.join(" ", command);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new UserException(
            line,
            "ended with exit code " + code + ": " + output.strip(),
            "The benchmark needs Linux, root, iproute2, iperf3 and ping.");
      }
      return output;
    } catch (IOException e) {
      throw new UserException(
          line,
          "cannot be started: " + e.getMessage(),
          "Install it; the benchmark needs Linux, root, iproute2, iperf3 and ping.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException(line, "was interrupted", "Start the benchmark again.");
    }
  }

  /** The same, of words without blanks in them. */
  public static String run(String words) {
    return run(List.of(words.split(" ")));
  }
}
