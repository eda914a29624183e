package dev.weir.model;

import dev.weir.parameter.ParameterSpec;
import java.util.SplittableRandom;

/**
 * Initial values of parameters that no file holds: N(0, 0.02²) for matrices, as BERT was
 * initialised, and 0 for biases. The same for the same seed, whatever the engine and the Java
 * version: uniform numbers come from SplitMix64 and become normal ones by Box and Muller's
 * transform in {@link StrictMath}.
 */
final class FreshValues {
  private static final double DEVIATION = 0.02;

  private final SplittableRandom random;

  FreshValues(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A new array of {@code parameter.size()} values. */
  float[] next(ParameterSpec parameter) {
    float[] values = new float[parameter.size()];
    if (!parameter.isVector()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (DEVIATION * nextNormal());
      }
    }
    return values;
  }

  private double nextNormal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextUniform()));
    return radius * StrictMath.cos(2 * Math.PI * nextUniform());
  }

  /** In [0, 1). */
  private double nextUniform() {
    return (random.nextLong() >>> 11) * 0x1.0p-53;
  }
}
