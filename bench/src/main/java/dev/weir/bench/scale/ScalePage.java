package dev.weir.bench.scale;

import dev.weir.bench.machine.Versions;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What was measured, what follows, and how far the two agree, in Markdown. */
final class ScalePage {
  static final List<Integer> WORKERS = List.of(4, 16, 64, 256, 1_024);
  private static final List<Long> VALUES = List.of(100_000L, 1_000_000L, 10_000_000L, 100_000_000L);
  private static final List<Integer> GIGABITS = List.of(1, 10, 100);
  private static final double LAN = 1e-4;
  private static final double WAN = 0.05;
  private static final int MOST_WORKERS = 65_536;

  private final List<Point> points;
  private final Fitted fitted;
  private final String note;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param note on how it was measured; may be empty
   */
  ScalePage(List<Point> points, Fitted fitted, String note) {
    this.note = note;
    this.points = points;
    this.fitted = fitted;
  }

  String markdown() {
    text.append("# The hub with many workers\n\n").append(Versions.machine());
    text.append(
        """
        . Repeat with `./weir bench scale`; what follows from it for other
        networks is discussed in [docs/scale.md](../../docs/scale.md). All numbers are also in [scale.csv](scale.csv); of several
        runs of a shape the quickest is kept.
        """);
    text.append(note.isEmpty() ? "" : "\n" + note + "\n");
    text.append(
        """

        ## Measured: a hub with synthetic workers

        The hub is the coordinator's own server, sessions, membership and reduction in a process of its own. All
        workers are in one other process, on one event loop, each with its own connection; they contribute as soon as they
        are asked, and check sums. Hub and workers share this machine's cores. A step's time is from the last worker's
        last sum to the next such moment. Memory is the most that the hub's process had while it was measured, heap what
        was left of it after a collection.

        | workers | k | format | chunk | link | steps | ms, median (p99) | values/s | hub's processor, ms | of it in the kernel | workers' processor, ms | bytes over 2·N·k·w | memory | heap |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
        """);
    points.stream().filter(point -> isCrowd(point)).forEach(this::measured);
    ranks();
    costs();
    errors();
    extrapolated("LAN, round trip 0.1 ms", LAN);
    extrapolated("WAN, round trip 50 ms", WAN);
    return text.toString();
  }

  private static boolean isCrowd(Point point) {
    return point.shape().kind() == Point.Kind.CROWD;
  }

  private void measured(Point point) {
    Point.Shape shape = point.shape();
    add(
        "| %,d | %,d | %s | %,d | %s | %d | %s | %,.0f M | %.2f | %.0f %% | %.2f | %.3f | %,d MB | %d MB |%n",
        shape.workers(),
        shape.values(),
        shape.format().name().toLowerCase(Locale.ROOT),
        shape.chunkLength(),
        link(shape),
        point.steps(),
        point.times(),
        point.valuesPerSecond() / 1e6,
        1e3 * point.hub(),
        100 * point.hubSystem() / point.hub(),
        1e3 * point.others(),
        point.bytes() / (2 * shape.contributedBytes()),
        point.peakBytes() / 1_000_000,
        point.heapBytes() / 1_000_000);
  }

  private static String link(Point.Shape shape) {
    return shape.link().equals(Point.Shape.LOOPBACK) ? "loopback" : shape.link();
  }

  private void ranks() {
    text.append(
        """

        ## Measured: a few workers, each a process

        As in `weir bench allreduce`, coordinator and ranks share this machine's cores. Over a link each has a host (network
        namespace) of its own.

        | topology | ranks | k | link | rounds | ms, median (p99) | processor of all, ms |
        |---|---|---|---|---|---|---|
        """);
    for (Point point : points) {
      if (!isCrowd(point)) {
        Point.Shape shape = point.shape();
        add(
            "| %s | %d | %,d | %s | %d | %s | %.2f |%n",
            shape.way().title(),
            shape.workers(),
            shape.values(),
            link(shape),
            point.steps(),
            point.times(),
            1e3 * point.others());
      }
    }
  }

  private void costs() {
    text.append(
        """

        ## Fitted

        Processor time per step, receiving and sending together, fitted to the rows that say so in the next table:

        | | per worker, µs | per message, µs | per byte, ns |
        |---|---|---|---|
        """);
    row("hub", fitted.model().hub());
    row("worker", fitted.model().worker());
    add(
        "%nOf the way down, %.0f %% does not overlap with the way up, by 16 workers over links without a delay.%n",
        100 * fitted.model().apart());
  }

  private void row(String side, Cost cost) {
    add(
        "| %s | %.2f | %.2f | %.3f |%n",
        side, 1e6 * cost.perPeer(), 1e6 * cost.perMessage(), 1e9 * cost.perByte());
  }

  private void errors() {
    text.append(
        """

        ## The model's error

        Predicted over measured, less one. Of a step's time the model takes the largest of the links, the busiest process and all
        processes over all cores. The last column is the error of what `communication.topology: auto` chooses by
        ([decision 12](../../docs/decisions/0012-auto-topology.md)), which takes every process to have a machine.

        | topology | workers | k | link | | processor, ms | predicted | error | step, ms | predicted | error | by auto's model |
        |---|---|---|---|---|---|---|---|---|---|---|---|
        """);
    points.forEach(this::error);
  }

  private void error(Point point) {
    Point.Shape shape = point.shape();
    Demand demand = fitted.demand(point);
    double processor = isCrowd(point) ? point.hub() : point.others();
    double predicted = isCrowd(point) ? fitted.hub(point) : demand.all();
    double step = demand.together(Runtime.getRuntime().availableProcessors());
    add(
        "| %s, %s | %,d | %,d%s | %s | %s | %.2f | %.2f | %+.0f %% | %.2f | %.2f | %+.0f %% | %+.0f %% |%n",
        shape.way().title(),
        isCrowd(point) ? "synthetic" : "processes",
        shape.workers(),
        shape.values(),
        special(shape),
        link(shape),
        fitted.used().contains(point) ? "fitted" : "checked",
        1e3 * processor,
        1e3 * predicted,
        100 * (predicted / processor - 1),
        1e3 * point.times().median(),
        1e3 * step,
        100 * (step / point.times().median() - 1),
        100 * (AutoModel.seconds(point) / point.times().median() - 1));
  }

  private String special(Point.Shape shape) {
    String chunk =
        shape.chunkLength() == fitted.model().chunkLength()
            ? ""
            : String.format(Locale.ROOT, ", chunks of %,d", shape.chunkLength());
    return chunk + (shape.format().bytes() == Integer.BYTES ? "" : ", fixed16");
  }

  private void extrapolated(String title, double roundTrip) {
    add("%n## Extrapolated: %s%n", title);
    text.append(
        """

        The quickest topology and its time per step, every process on a machine of its own, 4 bytes a value, without
        computing; two-level groups of √N workers are not implemented.

        | k | Gbit/s |\
        """);
    WORKERS.forEach(workers -> add(" N = %,d |", workers));
    text.append(" hub is quickest up to |\n|---|---|").append("---|".repeat(WORKERS.size() + 1));
    text.append('\n');
    for (long values : VALUES) {
      for (int gigabits : GIGABITS) {
        Network network = new Network(1e9 * gigabits, roundTrip);
        add("| %,d | %d |", values, gigabits);
        WORKERS.forEach(workers -> cell(exchange(workers, values), network));
        add(" %s |%n", hubUpTo(values, network));
      }
    }
  }

  private static ScaleModel.Exchange exchange(int workers, long values) {
    return new ScaleModel.Exchange(workers, values, Integer.BYTES);
  }

  private void cell(ScaleModel.Exchange exchange, Network network) {
    ScaleModel.Way way = fitted.model().quickest(exchange, network);
    double seconds = fitted.model().demand(way, exchange, network).apart();
    add(" %s %s |", way.title(), time(seconds));
  }

  private String hubUpTo(long values, Network network) {
    int least =
        IntStream.rangeClosed(2, MOST_WORKERS)
            .filter(
                workers ->
                    fitted.model().quickest(exchange(workers, values), network)
                        != ScaleModel.Way.HUB)
            .findFirst()
            .orElse(MOST_WORKERS + 1);
    return least == 2 ? "never" : String.format(Locale.ROOT, "%,d", least - 1);
  }

  /** In three digits. */
  private static String time(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.3g ms", 1e3 * seconds).replaceFirst("e\\+02", "00")
        : String.format(Locale.ROOT, "%.1f s", seconds);
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
