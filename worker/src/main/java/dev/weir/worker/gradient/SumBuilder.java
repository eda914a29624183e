package dev.weir.worker.gradient;

import dev.weir.mask.Mask;
import dev.weir.model.GradientProgress;
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
    new Addition(state, attempt, shard, vector, SumsProgress.NONE).end(loss);
  }

  /** Adds what a shard comes to while it is made, from the vector's end to its begin. */
  final class Addition implements GradientProgress {
    private final TrainingState state;
    private final int attempt;
    private final int shard;
    private final float[] vector;
    private final SumsProgress progress;
    private int added = sums.length;
    private boolean sound = faults.isEmpty();

    /**
     * @param vector length k, good from where it is said to be reached
     * @param progress told of it, as long as there is no fault
     */
    Addition(TrainingState state, int attempt, int shard, float[] vector, SumsProgress progress) {
      this.state = state;
      this.attempt = attempt;
      this.shard = shard;
      this.vector = vector;
      this.progress = progress;
    }

    @Override
    public void reached(double loss, int from) {
      long startNs = System.nanoTime();
      sound = sound && Double.isFinite(loss);
      sound = sound && state.quantize(attempt, shard, vector, sums, from, added).isOk();
      added = from;
      gatherNs += System.nanoTime() - startNs;
      if (sound) {
        List<Double> all = new ArrayList<>(losses);
        all.add(loss);
        progress.reached(all, sums, from);
      }
    }

    /**
     * Adds the rest.
     *
     * @param loss the shard's share of the mean loss
     */
    void end(double loss) {
      losses.add(loss);
      if (!Double.isFinite(loss)) {
        faults.add(new ShardFault(ShardFault.Kind.NON_FINITE, shard, ""));
        return;
      }
      long startNs = System.nanoTime();
      Quantization quantization =
          sound
              ? state.quantize(attempt, shard, vector, sums, 0, added)
              : state.quantize(attempt, shard, vector, sums); // Which fault is the first of all?
      if (!quantization.isOk()) {
        faults.add(new ShardFault(kind(quantization), shard, name(quantization.position())));
      }
      gatherNs += System.nanoTime() - startNs;
    }
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
