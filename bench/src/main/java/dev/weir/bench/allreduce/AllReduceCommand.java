package dev.weir.bench.allreduce;

import dev.weir.bench.machine.Cleanup;
import dev.weir.bench.machine.Versions;
import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench allreduce}: others' collectives alone, on one machine, in turns. */
@Command(
    name = "allreduce",
    description =
        "Times the all-reduces that Weir's are to be measured against, gloo's and Open MPI's over TCP,"
            + " on this machine. Run bench/peers/setup first; mpirun must be installed.",
    mixinStandardHelpOptions = true)
public final class AllReduceCommand implements Callable<Integer> {
  @Option(names = "--ranks", split = ",", defaultValue = "2,4,8", description = "Numbers of ranks.")
  private List<Integer> ranks = List.of();

  @Option(
      names = "--bytes",
      split = ",",
      defaultValue = "4096,51200,451320,5242880,90264584",
      description = "Sizes of a vector, multiples of 4.")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--turns",
      defaultValue = "5",
      description = "How often each library gets its turn.")
  private int turns;

  @Option(names = "--seconds", defaultValue = "1", description = "About how long a turn takes.")
  private double seconds;

  @Option(names = "--out", defaultValue = "bench/results", description = "Where results go.")
  private Path out = Path.of("");

  private static final int MAX_ROUNDS = 500;

  private final Cleanup cleanup = new Cleanup();

  @Override
  public Integer call() throws IOException {
    Path home = Path.of(System.getProperty("weir.home", "."));
    Path peers = home.resolve("bench/peers");
    if (!Files.isExecutable(peers.resolve("venv/bin/python"))) {
      throw new UserException(
          peers.toString(), "the peers are not installed there", "Run bench/peers/setup first.");
    }
    File log = Files.createTempFile("weir-allreduce-", ".log").toFile();
    System.out.println("what the processes print is in " + log);
    List<Library> libraries =
        List.of(PeerLibrary.gloo(peers, log), PeerLibrary.openMpi(peers, log));
    StringBuilder text = new StringBuilder("# All-reduce on one machine\n\n");
    text.append(Versions.describe(peers)).append('\n');
    text.append("Milliseconds, median (and 99th percentile), of the slowest rank of each round.\n");
    for (int count : ranks) {
      Map<String, Map<Integer, Times>> found = measure(libraries, count);
      text.append(table(count, found));
      Files.createDirectories(out);
      Files.writeString(out.resolve("allreduce.md"), text.toString());
    }
    return Cli.DONE;
  }

  private Map<String, Map<Integer, Times>> measure(List<Library> libraries, int count) {
    Map<String, Ranks> started = new LinkedHashMap<>();
    for (Library library : libraries) {
      try {
        started.put(library.name(), cleanup.add(library.start(count)));
      } catch (IOException e) {
        System.out.println(library.name() + " cannot start: " + e.getMessage());
      }
    }
    Map<String, Map<Integer, Times>> found = new LinkedHashMap<>();
    for (int bytes : sizes) {
      for (Map.Entry<String, double[]> each : alternate(started, bytes).entrySet()) {
        Times times = Times.of(each.getValue());
        found.computeIfAbsent(each.getKey(), name -> new LinkedHashMap<>()).put(bytes, times);
        System.out.printf(
            "%d ranks, %,d bytes, %s: %s over %d rounds%n",
            count, bytes, each.getKey(), times, each.getValue().length);
      }
    }
    started.values().forEach(Ranks::close);
    return found;
  }

  /** Every library in turn, so that what else the machine does hits all of them alike. */
  private Map<String, double[]> alternate(Map<String, Ranks> started, int bytes) {
    Map<String, DoubleStream.Builder> all = new LinkedHashMap<>();
    Map<String, Integer> rounds = new LinkedHashMap<>();
    for (int turn = -1; turn < turns; turn++) {
      for (Map.Entry<String, Ranks> entry : List.copyOf(started.entrySet())) {
        String name = entry.getKey();
        try {
          double[] times = entry.getValue().rounds(bytes, rounds.getOrDefault(name, 5));
          if (turn < 0) { // Warms up, and says how many rounds fill a turn.
            double usual = Math.max(1e-5, Times.of(times).median());
            rounds.put(name, (int) Math.max(5, Math.min(MAX_ROUNDS, seconds / usual)));
          } else {
            DoubleStream.Builder builder =
                all.computeIfAbsent(name, each -> DoubleStream.builder());
            Arrays.stream(times).forEach(builder);
          }
        } catch (IOException e) {
          System.out.println(name + " failed: " + e.getMessage());
          entry.getValue().close();
          started.remove(name);
        }
      }
    }
    Map<String, double[]> times = new LinkedHashMap<>();
    all.forEach((name, builder) -> times.put(name, builder.build().toArray()));
    return times;
  }

  private String table(int count, Map<String, Map<Integer, Times>> found) {
    List<String> rows = new ArrayList<>();
    rows.add("\n## " + count + " ranks\n");
    rows.add("| bytes | " + String.join(" | ", found.keySet()) + " |");
    rows.add("|---" + "|---".repeat(found.size()) + "|");
    for (int bytes : sizes) {
      StringBuilder row = new StringBuilder(String.format("| %,d |", bytes));
      for (Map<Integer, Times> times : found.values()) {
        Times time = times.get(bytes);
        row.append(time == null ? " – |" : " " + time + " |");
      }
      rows.add(row.toString());
    }
    return String.join("\n", rows) + "\n";
  }
}
