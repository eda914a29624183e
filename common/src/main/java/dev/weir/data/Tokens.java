package dev.weir.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Texts as token ids. A text is tokenized when it is first asked for, and its tokens are kept: a
 * process that works on a few batches does not tokenize everything. For any thread.
 */
final class Tokens {
  private static final int[] NOT_YET = {};

  private final List<String> texts;
  private final Function<List<String>, int[][]> encoder;
  private final int[][] tokens;

  /** Of texts, by what tokenizes some of them. */
  Tokens(List<String> texts, Function<List<String>, int[][]> encoder) {
    this.texts = texts;
    this.encoder = encoder;
    this.tokens = new int[texts.size()][];
    Arrays.fill(tokens, NOT_YET);
  }

  /** Of sequences that are tokenized already; copied. */
  Tokens(int[][] tokens) {
    this.texts = List.of();
    this.encoder =
        texts -> {
          throw new IllegalStateException("there are no texts");
        };
    this.tokens = Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new);
  }

  /**
   * The token ids of the texts with these indices, in their order.
   *
   * @return {@code [text][token]}; the sequences are not to be modified
   */
  synchronized int[][] of(int... indices) {
    int[] missing = IntStream.of(indices).filter(i -> tokens[i] == NOT_YET).distinct().toArray();
    if (missing.length > 0) {
      int[][] encoded = encoder.apply(IntStream.of(missing).mapToObj(texts::get).toList());
      for (int m = 0; m < missing.length; m++) {
        tokens[missing[m]] = encoded[m];
      }
    }
    return IntStream.of(indices).mapToObj(i -> tokens[i]).toArray(int[][]::new);
  }
}
