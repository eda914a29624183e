package dev.weir.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * How one forward pass applies whatever holds parameters, and what it keeps for the backward pass.
 */
interface Pass {

  /** Owns every array of the pass. */
  NDManager manager();

  /**
   * The sum of each token's embeddings: {@code [batch, length, hidden]}, or what the pass keeps
   * tokens in instead.
   */
  NDArray embed(EmbeddingTables tables, TokenBatch batch);

  /**
   * Tokens as sequences, {@code [batch, length, width]}, for what tokens of one sequence do to each
   * other. What stands in place of padding is arbitrary and must not count.
   */
  default NDArray sequences(NDArray tokens) {
    return tokens;
  }

  /** Sequences as the pass keeps tokens; the opposite of {@link #sequences}. */
  default NDArray tokens(NDArray sequences) {
    return sequences;
  }

  /**
   * What comes between two blocks, attention or feed-forward, for all that reads it. The backward
   * pass may pause here. Whatever else {@link #apply(Linear, NDArray)} is given has no other
   * reader.
   *
   * @return x, or an array of the same values
   */
  default NDArray between(NDArray x) {
    return x;
  }

  /** Applies {@code layer} to {@code […, in]}. */
  NDArray apply(Linear layer, NDArray x);

  /** Applies {@code layer} over the last axis. */
  NDArray apply(Norm layer, NDArray x);
}
