package dev.weir.state;

import dev.weir.optimizer.GradientNorm;
import dev.weir.parameter.Sha256;
import dev.weir.sum.BlockExponents;
import dev.weir.sum.FixedPoint;
import dev.weir.sum.Quantization;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * All that training changes: about 12 bytes for each of the k trained values.
 *
 * <p>Everybody holds one and applies to it the same sums by the same rule, so after the same steps
 * everybody's is the same to the bit: the state is a function of its start and of the sums.
 *
 * <p>Not thread-safe: owned by one thread, which can hand out {@linkplain #copy copies}.
 */
public final class TrainingState {
  private final UpdateRule rule;
  private long step;
  private long updates;
  private int skipped;
  private final float[] values;
  private final float[][] moments;
  private BlockExponents exponents;
  private final float[] gradient;

  /**
   * The state before the first step.
   *
   * @param values length k, the base model's values in the order of the mask; copied
   */
  public TrainingState(UpdateRule rule, float[] values) {
    this(
        rule,
        new Counters(0, 0, 0),
        values.clone(),
        new float[rule.common().moments()][values.length],
        BlockExponents.initial(rule.sums().format(), values.length));
  }

  /** Takes over the arrays. */
  TrainingState(
      UpdateRule rule,
      Counters counters,
      float[] values,
      float[][] moments,
      BlockExponents exponents) {
    if (rule.decay().size() != values.length) {
      throw new IllegalArgumentException(
          "decay of " + rule.decay().size() + " values for " + values.length);
    }
    this.rule = rule;
    this.step = counters.step();
    this.updates = counters.updates();
    this.skipped = counters.skipped();
    this.values = values;
    this.moments = moments;
    this.exponents = exponents;
    this.gradient = new float[values.length];
  }

  /**
   * @param step number of steps that have passed
   * @param updates number of those that were not skipped
   * @param skipped number of steps that were skipped since the last update
   */
  record Counters(long step, long updates, int skipped) {}

  /** The rule that steps follow. */
  public UpdateRule rule() {
    return rule;
  }

  /** Number of trained values, k. */
  public int size() {
    return values.length;
  }

  /** Number of steps that have passed, and so the number of the step to come. */
  public long step() {
    return step;
  }

  /** Number of steps that pass with the next update: 1, or those of a round of local steps. */
  public int roundLength() {
    return rule.local().length(step, rule.schedule().steps());
  }

  /** Number of steps, or rounds, that were skipped since the last update. */
  public int consecutiveSkips() {
    return skipped;
  }

  /** The trained values, length k. Owned by the state, which overwrites them; do not write. */
  public float[] values() {
    return values;
  }

  Counters counters() {
    return new Counters(step, updates, skipped);
  }

  float[][] moments() {
    return moments;
  }

  BlockExponents exponents() {
    return exponents;
  }

  /**
   * Adds one shard's gradient, or the difference that its replica has come to, to sums, in the
   * units of the step to come.
   *
   * @param attempt attempt of the step, from 0; each has wider exponents than the one before
   * @param shard the shard
   * @param shardGradient length k, not modified
   * @param sums length k, added to unless the outcome says otherwise
   */
  public Quantization quantize(int attempt, int shard, float[] shardGradient, int[] sums) {
    return quantize(attempt, shard, shardGradient, sums, 0, values.length);
  }

  /**
   * The same for the values from position {@code from} to {@code to} alone; ranges that make up the
   * whole may come in any order.
   */
  public Quantization quantize(
      int attempt, int shard, float[] shardGradient, int[] sums, int from, int to) {
    return FixedPoint.quantize(
        shardGradient, exponents.widen(attempt), rule.sums(), step, shard, sums, from, to);
  }

  /**
   * Lets the step, or the round, pass with an update. If the sum is beyond the range of floats, the
   * step passes without one, as by {@link #skip}.
   *
   * @param attempt the attempt that succeeded
   * @param sums the sum of all shards, length k, not modified
   */
  public StepOutcome commit(int attempt, int[] sums) {
    BlockExponents used = exponents.widen(attempt);
    FixedPoint.dequantize(sums, used, rule.sums().shards(), gradient);
    float rate = rule.schedule().at(step);
    if (rule.local().hasReplicas()) {
      rate = rule.local().outerRate();
      scale(rule.local().share(rule.sums().shards()));
    }
    double norm = GradientNorm.of(gradient);
    if (!Double.isFinite(norm)) {
      skip();
      return new StepOutcome(false, norm, rate);
    }
    if (!rule.local().hasReplicas()) {
      GradientNorm.clip(gradient, norm, rule.clipNorm());
    }
    updates++;
    step += roundLength();
    rule.common().update(updates, rate, gradient, values, moments, rule.decay());
    exponents = used.next(sums, rule.sums().shards());
    skipped = 0;
    return new StepOutcome(true, norm, rate);
  }

  private void scale(float factor) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= factor;
    }
  }

  /** Lets the step, or the round, pass without an update. */
  public void skip() {
    step += roundLength();
    skipped++;
  }

  /** A state of its own with the same contents. */
  public TrainingState copy() {
    float[][] copies = new float[moments.length][];
    Arrays.setAll(copies, i -> moments[i].clone());
    return new TrainingState(rule, counters(), values.clone(), copies, exponents);
  }

  /**
   * A fast hash of everything: states that differ in a single bit have different fingerprints,
   * others almost certainly. No protection against intent.
   */
  public long fingerprint() {
    Fingerprint hash = new Fingerprint();
    hash.add(step);
    hash.add(updates);
    hash.add(skipped);
    hash.add(values);
    for (float[] moment : moments) {
      hash.add(moment);
    }
    for (int block = 0; block < exponents.blocks(); block++) {
      hash.add(exponents.range(block));
    }
    return hash.value();
  }

  /** SHA-256, in lower-case hexadecimal, over everything. */
  public String digest() {
    MessageDigest sha = Sha256.start();
    TrainingStateCodec.visit(this, sha::update);
    return Sha256.finish(sha);
  }
}
