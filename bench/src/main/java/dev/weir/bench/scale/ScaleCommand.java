package dev.weir.bench.scale;

import dev.weir.bench.machine.Cleanup;
import dev.weir.bench.machine.Hosts;
import dev.weir.bench.machine.Link;
import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import dev.weir.sum.SumFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code weir bench scale}: a hub with up to 1,024 workers, and what follows for other networks.
 */
@Command(
    name = "scale",
    description =
        "Measures a hub with many synthetic workers, and few real ones with and without it, fits what a"
            + " step costs, and extrapolates. Each run adds to the points of the ones before; of each the quickest is kept. Links"
            + " other than unshaped need Linux, root and iproute2.",
    mixinStandardHelpOptions = true)
public final class ScaleCommand implements Callable<Integer> {
  private static final int CHUNK_LENGTH = 16_384;
  private static final int SMALL_CHUNK_LENGTH = 2_048;
  private static final int SETTLING = 8;
  private static final int MOST_WORKERS = 20_000;

  /** What a run measures. */
  enum Part {
    /** Synthetic workers. */
    CROWD,
    /** A process for each worker. */
    RANKS,
    /** Nothing: only the page is made anew. */
    PAGE
  }

  @Option(
      names = "--parts",
      split = ",",
      defaultValue = "CROWD,RANKS",
      description =
          "Any of ${COMPLETION-CANDIDATES}; PAGE only writes the page. Default ${DEFAULT-VALUE}.")
  private List<Part> parts = List.of();

  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "16,64,256,1024",
      description = "Numbers of synthetic workers. Default ${DEFAULT-VALUE}.")
  private List<Integer> workers = List.of();

  @Option(
      names = "--ranks",
      split = ",",
      defaultValue = "2,4,8",
      description = "Numbers of workers with a process each. Default ${DEFAULT-VALUE}.")
  private List<Integer> ranks = List.of();

  @Option(
      names = "--values",
      split = ",",
      defaultValue = "1000,10000,112830,1000000",
      description = "Lengths of a vector, k. Default ${DEFAULT-VALUE}.")
  private List<Integer> values = List.of();

  @Option(
      names = "--links",
      split = ",",
      defaultValue = "unshaped",
      description = "Links: unshaped, which is loopback, a rate, and perhaps a round trip.")
  private List<String> links = List.of();

  @Option(
      names = "--vary",
      description = "Measure each with chunks of 2,048 and with fixed16 as well.")
  private boolean vary;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "To measure each, three steps at least. Default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "24",
      description =
          "Seconds that new processes work at the middle shape before anything counts; an eighth of"
              + " that before each shape."
              + " Default ${DEFAULT-VALUE}.")
  private double warmUp;

  @Option(
      names = "--failure-timeout-ms",
      defaultValue = "60000",
      description = "Of hub and synthetic workers, in milliseconds. Default ${DEFAULT-VALUE}.")
  private long timeoutMs;

  @Option(names = "--hub-option", description = "An option of the hub's JVM, such as -Xmx1g.")
  private List<String> hubOptions = new ArrayList<>();

  @Option(
      names = "--out",
      defaultValue = "bench/results",
      description = "Where results go. Default ${DEFAULT-VALUE}.")
  private Path out = Path.of("");

  @Option(
      names = "--note",
      defaultValue = "",
      description = "A sentence for the page on how it was measured.")
  private String note = "";

  private final Cleanup cleanup = new Cleanup();

  @Override
  public Integer call() throws IOException {
    check();
    Files.createDirectories(out);
    Points points = Points.read(out.resolve("scale.csv"));
    File log = Files.createTempDirectory("weir-scale-").resolve("log").toFile();
    System.out.println("what the processes print is in " + log);
    for (String link : links) {
      if (parts.contains(Part.CROWD)) {
        measureCrowds(Link.parse(link), points, log);
      }
      if (parts.contains(Part.RANKS)) {
        measureRanks(Link.parse(link), points, log);
      }
    }
    write(points);
    return Cli.DONE;
  }

  private void check() {
    for (int count : workers) {
      if (count < 1 || count > MOST_WORKERS) {
        throw new UserException(
            "--workers",
            count + " is not from 1 to " + MOST_WORKERS,
            "Each is a connection from one address to one port.");
      }
    }
    if (values.stream().anyMatch(count -> count < 1) || ranks.stream().anyMatch(n -> n < 2)) {
      throw new UserException(
          "--values and --ranks",
          values + " and " + ranks,
          "Give at least one value, and at least two ranks.");
    }
    if (Duration.ofMillis(timeoutMs).compareTo(Duration.ofMillis(100)) < 0) {
      throw new UserException(
          "--failure-timeout-ms", timeoutMs + " is less than 100", "Give more.");
    }
  }

  private void measureCrowds(Link link, Points points, File log) throws IOException {
    List<Point.Shape> shapes = new ArrayList<>();
    for (int count : workers) {
      for (int k : values) {
        shapes.add(crowd(link, count, k, CHUNK_LENGTH, SumFormat.FIXED32));
        if (vary) {
          shapes.add(crowd(link, count, k, SMALL_CHUNK_LENGTH, SumFormat.FIXED32));
          shapes.add(crowd(link, count, k, CHUNK_LENGTH, SumFormat.FIXED16));
        }
      }
    }
    shapes.removeIf(
        shape ->
            shape.format() == SumFormat.FIXED16 && shape.workers() > SumFormat.FIXED16.maxShards());
    shapes.sort(Comparator.comparingDouble(Point.Shape::contributedBytes));
    try (Place place = new Place(link, 2)) {
      measure(shapes, points, () -> new HubTrial(place.hosts, timeoutMs, hubOptions, log));
    }
  }

  private static Point.Shape crowd(Link link, int count, int k, int chunk, SumFormat format) {
    return new Point.Shape(
        Point.Kind.CROWD, ScaleModel.Way.HUB, link.name(), count, k, chunk, format);
  }

  private void measureRanks(Link link, Points points, File log) throws IOException {
    for (int count : ranks) {
      try (Place place = new Place(link, count + 1)) {
        for (ScaleModel.Way way : List.of(ScaleModel.Way.HUB, ScaleModel.Way.DIRECT)) {
          List<Point.Shape> shapes =
              values.stream()
                  .sorted()
                  .map(
                      k ->
                          new Point.Shape(
                              Point.Kind.RANKS,
                              way,
                              link.name(),
                              count,
                              k,
                              CHUNK_LENGTH,
                              SumFormat.FIXED32))
                  .toList();
          measure(shapes, points, () -> new RankTrial(way, count, CHUNK_LENGTH, place.hosts, log));
        }
      }
    }
  }

  /** Hosts for some processes, or none if they share the loopback device. */
  private final class Place implements AutoCloseable {
    final @Nullable Hosts hosts;

    Place(Link link, int count) {
      Path peers = Path.of(System.getProperty("weir.home", ".")).resolve("bench/peers");
      hosts =
          link.isShaped() || link.isDelayed()
              ? cleanup.add(Hosts.around(link, count, peers))
              : null;
    }

    @Override
    public void close() {
      if (hosts != null) {
        hosts.close();
      }
    }
  }

  /** Starts processes. */
  private interface Starter {
    Trial start() throws IOException;
  }

  /** Measures shapes one after the other; processes that end are started again for the next. */
  private void measure(List<Point.Shape> shapes, Points points, Starter starter)
      throws IOException {
    Trial trial = null;
    for (Point.Shape shape : shapes) {
      try {
        if (trial == null) {
          trial = cleanup.add(starter.start());
          Point unused = trial.measure(shapes.get(shapes.size() / 2), warmUp, 0);
        }
        System.out.print(shape.describe() + ": ");
        Point point = trial.measure(shape, warmUp / SETTLING, seconds);
        points.put(point);
        points.write(out.resolve("scale.csv"));
        System.out.printf(
            "%s ms, processor of the hub %.2f ms, of the others %.2f ms%n",
            point.times(), 1e3 * point.hub(), 1e3 * point.others());
      } catch (IOException e) {
        System.out.println("failed: " + e.getMessage());
        if (trial != null) {
          trial.close();
          trial = null;
        }
      }
    }
    if (trial != null) {
      trial.close();
    }
  }

  private void write(Points points) throws IOException {
    Fitted fitted = Fitted.of(points.sorted(), CHUNK_LENGTH);
    Files.writeString(
        out.resolve("scale.md"), new ScalePage(points.sorted(), fitted, note).markdown());
    ScalePicture.write(fitted.model(), out);
    System.out.println("the page is " + out.resolve("scale.md"));
  }
}
