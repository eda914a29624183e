package dev.weir.data;

import dev.weir.model.TokenBatch;

/** Token sequences with the class of each. */
public final class LabelledBatch {
  private final TokenBatch tokens;
  private final int[] labels;

  LabelledBatch(TokenBatch tokens, int[] labels) {
    this.tokens = tokens;
    this.labels = labels;
  }

  /** The padded sequences. */
  public TokenBatch tokens() {
    return tokens;
  }

  /** The class of each sequence; belongs to the batch, not to be written to. */
  public int[] labels() {
    return labels;
  }

  /** Number of sequences. */
  public int size() {
    return labels.length;
  }
}
