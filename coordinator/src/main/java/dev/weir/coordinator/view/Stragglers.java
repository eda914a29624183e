package dev.weir.coordinator.view;

import dev.weir.coordinator.progress.StepTimes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds workers that need much longer for a shard than the others: more than 1.5 times the lower
 * median of all, both smoothed over about ten contributions.
 */
public final class Stragglers {
  private static final double FACTOR = 1.5;
  private static final double SMOOTHING = 0.2;

  private final Map<Integer, Double> nsPerShard = new HashMap<>();

  /** A worker computed so many shards, and it took so long. */
  public void computed(int worker, int shards, StepTimes times) {
    double ns = (times.computeNs() + times.gatherNs()) / Math.max(1, shards);
    nsPerShard.merge(worker, ns, (mean, next) -> mean + SMOOTHING * (next - mean));
  }

  /** A worker takes no part any more. */
  public void gone(int worker) {
    nsPerShard.remove(worker);
  }

  /** The slow ones; none if there is only one worker. */
  public Set<Integer> workers() {
    double[] sorted = nsPerShard.values().stream().mapToDouble(d -> d).sorted().toArray();
    double limit = sorted.length == 0 ? 0 : FACTOR * sorted[(sorted.length - 1) / 2];
    return nsPerShard.entrySet().stream()
        .filter(entry -> entry.getValue() > limit)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
