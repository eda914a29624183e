package dev.weir.model;

/** Factors w of the loss L = Σ w[n, c] · log p(c|xₙ), as {@code [batch × classes]}, row-major. */
final class LossWeights {
  private LossWeights() {}

  /**
   * Of {@code scale · Σ cross-entropy}.
   *
   * @throws IllegalArgumentException if a label is no class, or there is not one for each sequence
   */
  static float[] crossEntropy(BertShape shape, TokenBatch batch, int[] labels, float scale) {
    if (labels.length != batch.size()) {
      throw new IllegalArgumentException(
          labels.length + " labels for " + batch.size() + " sequences");
    }
    float[] weights = new float[batch.size() * shape.classes()];
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= shape.classes()) {
        throw new IllegalArgumentException(
            "label %d is none of the %d classes".formatted(labels[row], shape.classes()));
      }
      weights[row * shape.classes() + labels[row]] = -scale;
    }
    return weights;
  }

  /**
   * Of class {@code label} in the expected Fisher information: √p(label|xₙ) · log p(label|xₙ), so
   * that the square of its gradient carries the weight p (FISH Mask, equation 3).
   */
  static float[] expected(float[][] logits, int label) {
    int classes = logits[0].length;
    float[] weights = new float[logits.length * classes];
    for (int row = 0; row < logits.length; row++) {
      weights[row * classes + label] = (float) Math.sqrt(probability(logits[row], label));
    }
    return weights;
  }

  private static double probability(float[] logits, int label) {
    double sum = 0;
    for (float logit : logits) {
      sum += StrictMath.exp((double) logit - logits[label]);
    }
    return 1 / sum;
  }
}
