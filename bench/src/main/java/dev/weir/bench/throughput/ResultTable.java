package dev.weir.bench.throughput;

import dev.weir.bench.machine.Link;
import java.util.ArrayList;
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
   * @param measurements by contestant; null where it failed
   */
  record Group(
      Link link, LinkCheck check, int workers, Map<String, @Nullable Measurement> measurements) {
    String title() {
      return link.name() + ", " + workers + " workers";
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
      group.measurements().forEach((name, found) -> text.append(row(group, name, found)));
    }
    return text.toString();
  }

  private String row(Group group, String name, @Nullable Measurement found) {
    if (found == null) {
      return "| " + name + " | failed | | | | |\n";
    }
    Measurement baseline = group.measurements().get(BASELINE);
    return String.format(
        Locale.ROOT,
        "| %s | %.3f | %.1f | %s | %.0f %% | %s |%n",
        name,
        found.stepsPerSecond(),
        found.stepsPerSecond() * batchSize,
        size(found.bytesPerStep()),
        100 * found.waitingShare(),
        baseline == null
            ? ""
            : String.format(
                Locale.ROOT, "%.2f×", found.stepsPerSecond() / baseline.stepsPerSecond()));
  }

  private static String size(double bytes) {
    return bytes < 1e6
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
