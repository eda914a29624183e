package dev.weir.local;

import dev.weir.cli.JoinToken;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts another Weir command in a JVM of its own, like the one that runs now. */
final class JavaProcess {
  private final ProcessBuilder builder;

  /**
   * @param arguments the command and its arguments, as after {@code weir}
   * @param token given in the environment, where process lists do not show it
   * @param logFile what the process logs
   */
  JavaProcess(List<String> arguments, String token, Path logFile) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Dweir.log=" + logFile);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Weir.class.getName()));
    line.addAll(arguments);
    builder = new ProcessBuilder(line);
    builder.environment().put(JoinToken.VARIABLE, token);
    builder.redirectInput(Redirect.PIPE);
  }

  /** Starts it with its output going to ours. */
  Process startVisibly() {
    builder.redirectError(Redirect.INHERIT);
    return start();
  }

  /** Starts it with its output going to {@code file}. */
  Process startQuietly(File file) {
    builder.redirectErrorStream(true);
    builder.redirectOutput(Redirect.appendTo(file));
    return start();
  }

  private Process start() {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + builder.command().get(0), e);
    }
  }
}
