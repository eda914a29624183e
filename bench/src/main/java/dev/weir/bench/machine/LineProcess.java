package dev.weir.bench.machine;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A process that is given orders on its standard input and answers on its standard output. */
public final class LineProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param log what it prints besides answers
   */
  public LineProcess(List<String> command, Map<String, String> environment, File log)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.appendTo(log));
    builder.environment().putAll(environment);
    process = builder.start();
    orders = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a class of this program in a JVM of its own.
   *
   * @param options of that JVM
   * @param arguments of its {@code main}
   * @param log what it prints besides answers
   * @param place makes the command line one that runs elsewhere
   */
  public static LineProcess java(
      Class<?> main,
      List<String> options,
      List<String> arguments,
      File log,
      UnaryOperator<List<String>> place)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new LineProcess(place.apply(command), Map.of(), log);
  }

  /** Its number. */
  public long pid() {
    return process.pid();
  }

  /** Gives an order of some words. */
  public void order(Object... words) throws IOException {
    for (Object word : words) {
      orders.write(word + " ");
    }
    orders.write('\n');
    orders.flush();
  }

  /** Waits for a line. */
  public String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("process " + process.pid() + " ended");
    }
    return line;
  }

  /** Waits for a line with a JSON list of numbers. */
  public double[] numbers() throws IOException {
    return JSON.readValue(answer(), double[].class);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
