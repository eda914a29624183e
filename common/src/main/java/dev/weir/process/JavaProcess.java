package dev.weir.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a Weir command in a JVM of its own, of the same Java as the one that runs now. It ends
 * when this process ends ({@link Leash}).
 */
public final class JavaProcess {
  private final List<String> options = Leash.options();
  private final List<String> command;
  private final ProcessBuilder builder = new ProcessBuilder();

  /**
   * @param classPath where its classes are
   * @param main name of the class of the command {@code weir}
   * @param arguments the command and its arguments, as after {@code weir}
   */
  public JavaProcess(String classPath, String main, List<String> arguments) {
    command = new ArrayList<>(List.of("-cp", classPath, main));
    command.addAll(arguments);
  }

  /** Adds an option of its JVM, such as {@code -Xmx1g}. */
  public JavaProcess option(String option) {
    options.add(option);
    return this;
  }

  /** Where the process logs. */
  public JavaProcess log(Path file) {
    return option("-Dweir.log=" + file);
  }

  /** Sets an environment variable; process lists do not show them, so they may hold secrets. */
  public JavaProcess environment(String name, String value) {
    builder.environment().put(name, value);
    return this;
  }

  /** Sets an environment variable unless this process has it. */
  public JavaProcess environmentDefault(String name, String value) {
    builder.environment().putIfAbsent(name, value);
    return this;
  }

  /** Starts it with its errors going to ours, to have its output read. */
  public Process startVisibly() {
    builder.redirectError(Redirect.INHERIT);
    return start();
  }

  /** Starts it with its output and errors going to {@code file}. */
  public Process startQuietly(File file) {
    builder.redirectErrorStream(true);
    builder.redirectOutput(Redirect.appendTo(file));
    return start();
  }

  /** Starts it to have its output and its errors read as one. */
  public Process startTogether() {
    builder.redirectErrorStream(true);
    return start();
  }

  /** Starts it to have its output and its errors read. */
  public Process start() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(options);
    line.addAll(command);
    try {
      return builder.command(line).redirectInput(Redirect.PIPE).start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + line.get(0), e);
    }
  }
}
