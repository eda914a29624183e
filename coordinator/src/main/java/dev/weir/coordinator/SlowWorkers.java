package dev.weir.coordinator;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who was late, how often, and what it cost. */
final class SlowWorkers {
  private final Map<String, Summary.Late> workers = new LinkedHashMap<>();

  void add(String worker, double seconds) {
    workers.merge(
        worker,
        new Summary.Late(worker, 1, seconds),
        (a, b) -> new Summary.Late(worker, a.times() + b.times(), a.seconds() + b.seconds()));
  }

  /** Those that cost most, first. */
  List<Summary.Late> costliest() {
    return workers.values().stream()
        .sorted(Comparator.comparingDouble(Summary.Late::seconds).reversed())
        .toList();
  }
}
