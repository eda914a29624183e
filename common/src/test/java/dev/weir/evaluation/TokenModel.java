package dev.weir.evaluation;

import dev.weir.mask.Mask;
import dev.weir.model.FisherKind;
import dev.weir.model.GradientProgress;
import dev.weir.model.GradientReport;
import dev.weir.model.TokenBatch;
import dev.weir.model.TrainableModel;
import dev.weir.parameter.ParameterLayout;
import dev.weir.parameter.ParameterSpec;
import java.util.List;

/**
 * A linear classifier of a sequence's first token, small enough to be worked out by hand: its
 * logits are a row of {@code weight [vocabulary, classes]} plus {@code bias [classes]}.
 */
public final class TokenModel implements TrainableModel {
  private final float[][] weight;
  private final float[] bias;
  private final int classes;

  /** Keeps both arrays. */
  public TokenModel(float[][] weight, float... bias) {
    this.weight = weight;
    this.bias = bias;
    this.classes = bias.length;
  }

  @Override
  public ParameterLayout layout() {
    return new ParameterLayout(
        List.of(
            new ParameterSpec("weight", List.of(weight.length, classes), 0, false),
            new ParameterSpec("bias", List.of(classes), weight.length * classes, false)));
  }

  @Override
  public float[][] logits(TokenBatch batch) {
    float[][] logits = new float[batch.size()][classes];
    for (int row = 0; row < batch.size(); row++) {
      for (int c = 0; c < classes; c++) {
        logits[row][c] = weight[tokenOf(batch, row)][c] + bias[c];
      }
    }
    return logits;
  }

  @Override
  public void addFisher(TokenBatch batch, int[] labels, FisherKind kind, float[] scores) {
    float[][] logits = logits(batch);
    for (int row = 0; row < batch.size(); row++) {
      double sum = 0;
      for (float logit : logits[row]) {
        sum += Math.exp(logit);
      }
      for (int c = 0; c < classes; c++) {
        double error = Math.exp(logits[row][c]) / sum - (labels[row] == c ? 1 : 0);
        scores[tokenOf(batch, row) * classes + c] += (float) (error * error);
        scores[weight.length * classes + c] += (float) (error * error);
      }
    }
  }

  private static int tokenOf(TokenBatch batch, int row) {
    return Math.toIntExact(batch.tokens()[row * batch.length()]);
  }

  @Override
  public String digest() {
    throw new UnsupportedOperationException();
  }

  @Override
  public float[] values() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void select(Mask mask) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void read(float[] values) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(float[] values) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GradientReport gradient(
      TokenBatch batch, int[] labels, float scale, float[] gradient, GradientProgress progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
