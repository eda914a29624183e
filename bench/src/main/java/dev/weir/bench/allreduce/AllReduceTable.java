package dev.weir.bench.allreduce;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What was measured, by number of ranks, library and size. */
final class AllReduceTable {
  private final List<Integer> sizes;
  private final Map<Integer, Map<String, Map<Integer, Measured>>> groups = new LinkedHashMap<>();

  /**
   * @param sizes bytes of a vector, a row each
   */
  AllReduceTable(List<Integer> sizes) {
    this.sizes = sizes;
  }

  void put(int ranks, String library, int bytes, Measured found) {
    groups
        .computeIfAbsent(ranks, count -> new LinkedHashMap<>())
        .computeIfAbsent(library, name -> new LinkedHashMap<>())
        .put(bytes, found);
  }

  /** In Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (ranks, libraries) -> {
          text.append("\n## ").append(ranks).append(" ranks\n\n");
          text.append("Milliseconds, median (and 99th percentile):\n\n");
          table(text, libraries, each -> (each.times() + " " + each.remark()).strip());
          text.append("\nBytes on the wire over the lower bound:\n\n");
          table(text, libraries, each -> String.format(Locale.ROOT, "%.3f", each.overhead()));
        });
    return text.toString();
  }

  private void table(
      StringBuilder text,
      Map<String, Map<Integer, Measured>> libraries,
      Function<Measured, String> cell) {
    text.append("| bytes | ").append(String.join(" | ", libraries.keySet())).append(" |\n");
    text.append("|---").append("|---".repeat(libraries.size())).append("|\n");
    for (int bytes : sizes) {
      text.append(String.format(Locale.ROOT, "| %,d |", bytes));
      for (Map<Integer, Measured> column : libraries.values()) {
        Measured found = column.get(bytes);
        text.append(found == null ? " failed |" : " " + cell.apply(found) + " |");
      }
      text.append('\n');
    }
  }
}
