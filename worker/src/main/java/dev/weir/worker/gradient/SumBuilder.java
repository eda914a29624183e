package dev.weir.worker.gradient;

import dev.weir.mask.Mask;
import dev.weir.state.TrainingState;
import dev.weir.sum.Quantization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Adds the vectors of shards, one after another, and notes what keeps them from being added. */
final class SumBuilder {
  private final Mask mask;
  private final int[] sums;
  private List<Integer> shards = List.of();
  private List<Double> losses = new ArrayList<>();
  private List<ShardFault> faults = new ArrayList<>();
  private long computeNs;
  private long gatherNs;

  SumBuilder(Mask mask) {
    this.mask = mask;
    this.sums = new int[mask.size()];
  }

  void begin(List<Integer> some) {
    shards = List.copyOf(some);
    losses = new ArrayList<>();
    faults = new ArrayList<>();
    computeNs = 0;
    gatherNs = 0;
    Arrays.fill(sums, 0);
  }

  /**
   * Adds what a shard came to.
   *
   * @param loss its share of the mean loss
   * @param vector length k
   */
  void add(TrainingState state, int attempt, int shard, double loss, float[] vector) {
    long startNs = System.nanoTime();
    losses.add(loss);
    if (!Double.isFinite(loss)) {
      faults.add(new ShardFault(ShardFault.Kind.NON_FINITE, shard, ""));
    } else {
      Quantization quantization = state.quantize(attempt, shard, vector, sums);
      if (!quantization.isOk()) {
        faults.add(new ShardFault(kind(quantization), shard, name(quantization.position())));
      }
    }
    gatherNs += System.nanoTime() - startNs;
  }

  private static ShardFault.Kind kind(Quantization quantization) {
    return quantization.outcome() == Quantization.Outcome.OVERFLOW
        ? ShardFault.Kind.OVERFLOW
        : ShardFault.Kind.NON_FINITE;
  }

  private String name(int position) {
    return mask.parameterAt(position).name();
  }

  /** Counts time of forward, backward and local steps, and of bringing values to the host. */
  void took(long compute, long gather) {
    computeNs += compute;
    gatherNs += gather;
  }

  /** What all have come to; its sums are overwritten after the next {@link #begin}. */
  ShardSums result() {
    return new ShardSums(shards, losses, faults, sums, computeNs, gatherNs);
  }
}
