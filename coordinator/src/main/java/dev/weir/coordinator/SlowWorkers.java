package dev.weir.coordinator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who was late, how often, and what it cost. */
final class SlowWorkers {
  private record Cost(int times, long ns) {}

  private final Map<String, Cost> costs = new LinkedHashMap<>();

  void add(String worker, long costNs) {
    costs.merge(
        worker, new Cost(1, costNs), (a, b) -> new Cost(a.times() + b.times(), a.ns() + b.ns()));
  }

  /** A line for each slow worker. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    costs.forEach(
        (worker, cost) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%s was late %d times, which cost %.1f s",
                    worker,
                    cost.times(),
                    cost.ns() / 1e9)));
    return lines;
  }
}
