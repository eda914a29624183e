package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.norm.LayerNorm;

/** The engine's functions on arrays. Results belong to the manager of the first argument. */
final class Functions {
  /** BERT's. */
  private static final float NORM_EPSILON = 1e-12f;

  private Functions() {}

  static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
    return ai.djl.nn.core.Linear.linear(x, weight, bias).singletonOrThrow();
  }

  static NDArray normalize(NDArray x, NDArray gain, NDArray bias) {
    return LayerNorm.layerNorm(x, gain.getShape(), gain, bias, NORM_EPSILON).singletonOrThrow();
  }

  /** Row {@code i} of the table for each {@code i} of {@code rows}. */
  static NDArray lookUp(NDArray rows, NDArray table) {
    return Embedding.embedding(rows, table, SparseFormat.DENSE).singletonOrThrow();
  }

  /** The sum of the embeddings of each token, {@code [batch, length, hidden]}. */
  static NDArray embed(
      NDManager manager, TokenBatch batch, NDArray words, NDArray positions, NDArray types) {
    long[] places = new long[batch.length()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    NDArray tokens = manager.create(batch.tokens(), new Shape(batch.size(), batch.length()));
    NDArray sum = lookUp(tokens, words);
    sum = sum.add(lookUp(manager.create(places), positions));
    return sum.add(lookUp(manager.create(new long[1]), types));
  }
}
