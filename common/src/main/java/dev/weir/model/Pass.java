package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * How one forward pass applies whatever holds parameters, and what it keeps for the backward pass.
 */
interface Pass {

  /** Owns every array of the pass. */
  NDManager manager();

  /** The sum of each token's embeddings, {@code [batch, length, hidden]}. */
  NDArray embed(EmbeddingTables tables, TokenBatch batch);

  /** Applies {@code layer} to {@code [batch, …, in]}. */
  NDArray apply(Linear layer, NDArray x);

  /** Applies {@code layer} over the last axis. */
  NDArray apply(Norm layer, NDArray x);
}
