package dev.weir.bench.throughput;

import dev.weir.bench.machine.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The measurements by link and number of workers, and what is to be told of them. */
final class ResultTable {
  /** What the ratios are of. */
  static final String BASELINE = "DDP";

  /**
   * One table.
   *
   * @param link the link
   * @param check what it was found to be
   * @param workers N
   * @param turns of each contestant, those that did not fail
   */
  record Group(Link link, LinkCheck check, int workers, Map<String, List<Measurement>> turns) {
    String title() {
      return link.name() + ", " + workers + " workers";
    }

    /** The contestant's turn of median speed, the slower of two; null if it has none. */
    @Nullable Measurement median(String contestant) {
      List<Measurement> sorted = bySpeed(contestant);
      return sorted.isEmpty() ? null : sorted.get((sorted.size() - 1) / 2);
    }

    private List<Measurement> bySpeed(String contestant) {
      return turns.getOrDefault(contestant, List.of()).stream()
          .sorted(Comparator.comparingDouble(Measurement::stepsPerSecond))
          .toList();
    }
  }

  private final int batchSize;
  private final List<Group> groups = new ArrayList<>();

  ResultTable(int batchSize) {
    this.batchSize = batchSize;
  }

  Group begin(Link link, LinkCheck check, int workers) {
    Group group = new Group(link, check, workers, new LinkedHashMap<>());
    groups.add(group);
    return group;
  }

  List<Group> groups() {
    return groups;
  }

  /** In Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    for (Group group : groups) {
      text.append("\n## ").append(group.title()).append("\n\nLink as checked before: ");
      text.append(group.check()).append(".\n\n");
      text.append("| | steps/s | samples/s | sent per step and worker | waiting | against DDP |\n");
      text.append("|---|---|---|---|---|---|\n");
      group.turns().keySet().forEach(name -> text.append(row(group, name)));
    }
    return text.toString();
  }

  private String row(Group group, String name) {
    Measurement found = group.median(name);
    if (found == null) {
      return "| " + name + " | failed | | | | |\n";
    }
    Measurement baseline = group.median(BASELINE);
    return String.format(
        Locale.ROOT,
        "| %s | %.3f%s | %.1f | %s | %.0f %% | %s |%n",
        name,
        found.stepsPerSecond(),
        range(group.bySpeed(name)),
        found.stepsPerSecond() * batchSize,
        size(found.bytesPerStep()),
        100 * found.waitingShare(),
        baseline == null
            ? ""
            : String.format(
                Locale.ROOT, "%.2f×", found.stepsPerSecond() / baseline.stepsPerSecond()));
  }

  private static String range(List<Measurement> sorted) {
    return sorted.size() < 2
        ? ""
        : String.format(
            Locale.ROOT,
            " (%.2f to %.2f)",
            sorted.get(0).stepsPerSecond(),
            sorted.get(sorted.size() - 1).stepsPerSecond());
  }

  private static String size(double bytes) {
    return bytes < 1e6
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
