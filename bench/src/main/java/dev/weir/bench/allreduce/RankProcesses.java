package dev.weir.bench.allreduce;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Processes of which the first is told what to do: a line {@code BYTES ROUNDS} on its standard
 * input, answered by a line with a JSON list of seconds.
 */
final class RankProcesses implements Ranks {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Process> processes = new ArrayList<>();
  private final BufferedWriter orders;
  private final BufferedReader answers;

  /**
   * @param commands one for each process; the first leads
   * @param log what they print besides answers
   */
  RankProcesses(List<List<String>> commands, Map<String, String> environment, File log)
      throws IOException {
    for (List<String> command : commands) {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.appendTo(log));
      builder.environment().putAll(environment);
      if (!processes.isEmpty()) {
        builder.redirectOutput(Redirect.appendTo(log));
      }
      processes.add(builder.start());
    }
    Process leader = processes.get(0);
    orders = leader.outputWriter(StandardCharsets.UTF_8);
    answers = leader.inputReader(StandardCharsets.UTF_8);
  }

  @Override
  public double[] rounds(int bytes, int rounds) throws IOException {
    orders.write(bytes + " " + rounds + "\n");
    orders.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the first process ended");
    }
    return JSON.readValue(answer, double[].class);
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }
}
