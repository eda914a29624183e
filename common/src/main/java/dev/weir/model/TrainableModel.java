package dev.weir.model;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;

/**
 * A model whose parameters are one flat vector of n coordinates, of which a mask's k are trained.
 *
 * <p>Everything is deterministic: the same calls give the same bits in every process on like
 * hardware with the same number of compute threads. Dropout is off. Not thread-safe; one model in
 * use per process, since the engine keeps one gradient tape.
 */
public interface TrainableModel extends AutoCloseable {

  /** The numbering of this model's parameters. */
  ParameterLayout layout();

  /** SHA-256 over the layout and the values that the model was loaded with, fresh ones included. */
  String digest();

  /** A copy of all n values as they are now. */
  float[] values();

  /**
   * Chooses the coordinates that {@link #gradient}, {@link #read} and {@link #write} are about.
   * What holds no selected coordinate is frozen; coordinates that leave the mask keep the values
   * that they have.
   *
   * @throws IllegalArgumentException if the mask is of another layout
   */
  void select(Mask mask);

  /**
   * Copies the selected values into {@code values}, of length k, in the order of the mask.
   *
   * @throws IllegalStateException if nothing was selected
   */
  void read(float[] values);

  /** Overwrites the selected values with {@code values}, of length k, in the order of the mask. */
  void write(float[] values);

  /**
   * Runs forward and backward of {@code scale · Σ cross-entropy} over the batch.
   *
   * @param batch the inputs
   * @param labels the class of each sequence
   * @param scale factor of the loss, usually 1 / (batch size of the whole step)
   * @param gradient receives the gradient at the selected coordinates; length k, overwritten
   * @param progress told while the gradient is made
   */
  GradientReport gradient(
      TokenBatch batch, int[] labels, float scale, float[] gradient, GradientProgress progress);

  /** The same for who wants the whole. */
  default GradientReport gradient(TokenBatch batch, int[] labels, float scale, float[] gradient) {
    return gradient(batch, labels, scale, gradient, GradientProgress.NONE);
  }

  /** Class scores before softmax, {@code [batch][classes]}. */
  float[][] logits(TokenBatch batch);

  /**
   * Adds the diagonal of the Fisher information of each sample of the batch, per sample: the square
   * of each sample's own gradient (FISH Mask, equations 3 and 4).
   *
   * @param scores length n, added to
   */
  void addFisher(TokenBatch batch, int[] labels, FisherKind kind, float[] scores);

  @Override
  void close();
}
