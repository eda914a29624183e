package dev.weir.model;

import ai.djl.engine.Engine;
import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small models, selections and batches for tests. */
final class Models {
  /** Every dimension differs from the others, so that none can be mistaken for another. */
  static final BertShape TINY = new BertShape(30, 12, 2, 8, 20, 2, 2, 3);

  private Models() {}

  /** A model with random values, large enough for gradients that stand out of rounding errors. */
  static BertClassifier tiny() {
    Engine engine = TorchEngine.start(1);
    Random random = new Random(7);
    return new BertClassifier(TINY, spec -> initial(spec, random), engine, engine.newBaseManager());
  }

  private static float[] initial(ParameterSpec spec, Random random) {
    float[] values = new float[spec.size()];
    float mean = spec.name().endsWith("LayerNorm.weight") ? 1 : 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + 0.4f * (float) random.nextGaussian();
    }
    return values;
  }

  /** Sequences of different lengths, with repeated tokens. */
  static TokenBatch batch() {
    return TokenBatch.of(
        List.of(
            new int[] {1, 5, 9, 5, 2}, new int[] {1, 7, 2}, new int[] {1, 5, 29, 28, 5, 5, 4, 2}));
  }

  static int[] labels() {
    return new int[] {0, 2, 1};
  }

  /** Each element with a probability of {@code density}; those of the classifier always. */
  static Mask random(ParameterLayout layout, double density, long seed) {
    Random random = new Random(seed);
    int[] coordinates =
        IntStream.range(0, layout.size())
            .filter(i -> layout.at(i).fresh() || random.nextDouble() < density)
            .toArray();
    return Mask.of(layout, coordinates);
  }

  /** Normally distributed. */
  static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** 0.5, 1.5, 2.5 … */
  static float[] ascending(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i + 0.5f;
    }
    return values;
  }
}
