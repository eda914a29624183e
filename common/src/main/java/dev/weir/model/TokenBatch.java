package dev.weir.model;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Token sequences padded to the longest of them, on the host.
 *
 * <p>Arrays are {@code [size × length]}, row-major, and belong to the batch: callers must not write
 * to them.
 */
public final class TokenBatch {
  private final int size;
  private final int length;
  private final long[] tokens;
  private final float[] attention;

  private TokenBatch(int size, int length, long[] tokens, float[] attention) {
    this.size = size;
    this.length = length;
    this.tokens = tokens;
    this.attention = attention;
  }

  /**
   * Pads {@code sequences} with token 0.
   *
   * @throws IllegalArgumentException if there is no sequence, or an empty one
   */
  public static TokenBatch of(List<int[]> sequences) {
    int length = sequences.stream().mapToInt(s -> s.length).max().orElse(0);
    if (sequences.stream().anyMatch(s -> s.length == 0) || length == 0) {
      throw new IllegalArgumentException("a batch needs sequences of at least one token");
    }
    long[] tokens = new long[sequences.size() * length];
    float[] attention = new float[sequences.size() * length];
    for (int row = 0; row < sequences.size(); row++) {
      int[] sequence = sequences.get(row);
      for (int column = 0; column < sequence.length; column++) {
        tokens[row * length + column] = sequence[column];
        attention[row * length + column] = 1;
      }
    }
    return new TokenBatch(sequences.size(), length, tokens, attention);
  }

  /** Number of sequences. */
  public int size() {
    return size;
  }

  /** Tokens per sequence, padding included. */
  public int length() {
    return length;
  }

  /** Token ids, {@code [size × length]}. */
  public long[] tokens() {
    return tokens;
  }

  /** 1 where there is a token, 0 where there is padding, {@code [size × length]}. */
  public float[] attention() {
    return attention;
  }

  /** Tokens of sequence {@code row}, padding not counted; they come before the padding. */
  public int tokens(int row) {
    int count = 0;
    while (count < length && attention[row * length + count] != 0) {
      count++;
    }
    return count;
  }

  /** Which of the {@code size × length} places hold a token, ascending. */
  int[] tokenPlaces() {
    return IntStream.range(0, attention.length).filter(i -> attention[i] != 0).toArray();
  }
}
