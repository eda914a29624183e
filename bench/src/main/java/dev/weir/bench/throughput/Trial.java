package dev.weir.bench.throughput;

import dev.weir.cli.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Training that is going on: processes, and a file to which one of them adds a line per step. */
final class Trial implements AutoCloseable {
  private static final int STOP_SECONDS = 20;

  private final List<Process> processes = new ArrayList<>();
  private final Path lines;
  private final Function<List<String>, List<Step>> parse;
  private final Path log;

  /**
   * @param lines what is written as steps are done; need not exist yet
   * @param parse makes steps of whole lines
   * @param log what to show if it fails
   */
  Trial(Path lines, Function<List<String>, List<Step>> parse, Path log) {
    this.lines = lines;
    this.parse = parse;
    this.log = log;
  }

  void add(Process process) {
    processes.add(process);
  }

  List<Step> steps() throws IOException {
    if (!Files.exists(lines)) {
      return List.of();
    }
    String text = Files.readString(lines);
    int end = text.lastIndexOf('\n');
    return end < 0 ? List.of() : parse.apply(text.substring(0, end).lines().toList());
  }

  boolean isAlive() {
    return processes.stream().allMatch(Process::isAlive);
  }

  /** The end of what was logged. */
  String lastWords() {
    try {
      List<String> all = Files.readAllLines(log);
      return String.join("\n", all.subList(Math.max(0, all.size() - 12), all.size()));
    } catch (IOException e) {
      return "nothing was logged in " + log;
    }
  }

  /** Ends what is still running, the last that was started first. */
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>();
    for (Process process : processes) {
      process.descendants().forEach(all::add);
      all.add(process.toHandle());
    }
    all.forEach(ProcessHandle::destroy);
    for (Process process : processes) {
      await(process);
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private static void await(Process process) {
    try {
      var unused = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts a process whose output goes to {@code output}. */
  static Process launch(List<String> command, Path output, @Nullable String token)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    builder.environment().put("GLOO_SOCKET_IFNAME", "eth0");
    builder.environment().put("TP_SOCKET_IFNAME", "eth0");
    builder.environment().put("OMP_NUM_THREADS", "1");
    if (token != null) {
      builder.environment().put(JoinToken.VARIABLE, token);
    }
    return builder.start();
  }
}
