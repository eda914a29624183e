package dev.weir.bench.allreduce;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A process that is given orders on its standard input and answers on its standard output. */
final class LineProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param log what it prints besides answers
   */
  LineProcess(List<String> command, Map<String, String> environment, File log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.appendTo(log));
    builder.environment().putAll(environment);
    process = builder.start();
    orders = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Gives an order of some words. */
  void order(Object... words) throws IOException {
    for (Object word : words) {
      orders.write(word + " ");
    }
    orders.write('\n');
    orders.flush();
  }

  /** Waits for a line. */
  String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("process " + process.pid() + " ended");
    }
    return line;
  }

  /** Waits for a line with a JSON list of numbers. */
  double[] numbers() throws IOException {
    return JSON.readValue(answer(), double[].class);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
