package dev.weir.bench.micro;

import dev.weir.bench.machine.Versions;
import dev.weir.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench micro}: what each part of the hot path costs, by JMH. */
@Command(
    name = "micro",
    description = "Measures the parts of a step between the engine and the socket, one by one.",
    mixinStandardHelpOptions = true)
public final class MicroCommand implements Callable<Integer> {
  private static final int GATHERED_SHARDS = 41;

  @Option(names = "--iterations", defaultValue = "5", description = "Default ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(
      names = "--seconds",
      defaultValue = "0.5",
      description = "Of an iteration. Default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--out", defaultValue = "bench/results", description = "Where results go.")
  private Path out = Path.of("");

  /** One part at one length and format. */
  private record Row(String what, String values, String format, double microseconds) {
    boolean isLike(Row other) {
      return values.equals(other.values) && format.equals(other.format);
    }
  }

  @Override
  public Integer call() throws IOException, RunnerException {
    List<Row> rows = new ArrayList<>(measure());
    rows.add(gather());
    Files.createDirectories(out);
    Files.writeString(out.resolve("micro.md"), page(rows));
    return Cli.DONE;
  }

  private List<Row> measure() throws RunnerException {
    TimeValue time = TimeValue.milliseconds((long) (1e3 * seconds));
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(HotPath.class.getName())
                    .include(OptimizerStep.class.getName())
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.MICROSECONDS)
                    .forks(1)
                    .warmupIterations(iterations)
                    .warmupTime(time)
                    .measurementIterations(iterations)
                    .measurementTime(time)
                    .build())
            .run();
    return results.stream().map(MicroCommand::row).toList();
  }

  private static Row row(RunResult result) {
    Result<?> primary = result.getPrimaryResult();
    String values = result.getParams().getParam("values");
    String format = result.getParams().getParam("format");
    return new Row(
        primary.getLabel(),
        values == null ? "" : values,
        format == null ? "" : format.toLowerCase(Locale.ROOT),
        primary.getScore());
  }

  /** Not by JMH: the engine's share of a gradient is told by the model itself. */
  private static Row gather() {
    OptimizerStep step = new OptimizerStep();
    try {
      return new Row("gather", "", "", step.gatherNs(GATHERED_SHARDS) / 1e3);
    } finally {
      step.unload();
    }
  }

  private static String page(List<Row> rows) {
    StringBuilder text = new StringBuilder("# The hot path, part by part\n\n");
    text.append(Versions.machine());
    text.append(
        """
        , one thread; JMH, average time. Repeat with `./weir bench micro`.

        A copy reads and writes 4 bytes a value, an add reads 8 and writes 4: at memory bandwidth it takes 1.5 times
        as long. Optimizer, scatter and gather are of the bundled model at 0.5 %, 112,830 values, with a random mask; gather
        is the median of 41 shards.

        | what | values | format | µs | ns per value | over a copy |
        |---|---|---|---|---|---|
        """);
    for (Row row : rows) {
      double copy =
          rows.stream()
              .filter(other -> other.what().equals("copy") && other.isLike(row))
              .mapToDouble(Row::microseconds)
              .findFirst()
              .orElse(Double.NaN);
      double values = row.values().isEmpty() ? 112_830 : Double.parseDouble(row.values());
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f | %s | %.1f | %.3f | %s |%n",
              row.what(),
              values,
              row.format(),
              row.microseconds(),
              1e3 * row.microseconds() / values,
              Double.isNaN(copy)
                  ? ""
                  : String.format(Locale.ROOT, "%.2f×", row.microseconds() / copy)));
    }
    return text.toString();
  }
}
