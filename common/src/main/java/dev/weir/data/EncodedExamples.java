package dev.weir.data;

import dev.weir.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One part of a data set as token ids and labels, from which batches are made. A text is tokenized
 * when it is first asked for. For any thread.
 */
public final class EncodedExamples {
  private final Tokens tokens;

  /** Which of the tokens belong to each example. */
  private final int[] texts;

  private final int[] labels;

  private EncodedExamples(Tokens tokens, int[] texts, int[] labels) {
    this.tokens = tokens;
    this.texts = texts;
    this.labels = labels;
  }

  /**
   * Of texts; index i is that of the i-th.
   *
   * @param encoder used as long as these examples are; the caller closes it after them
   */
  public static EncodedExamples of(List<Example> examples, Encoder encoder) {
    return new EncodedExamples(
        new Tokens(examples.stream().map(Example::text).toList(), encoder::encode),
        IntStream.range(0, examples.size()).toArray(),
        examples.stream().mapToInt(Example::label).toArray());
  }

  /**
   * Of sequences that are tokenized already.
   *
   * @param tokens token ids, {@code [example][token]}; copied
   * @param labels the class of each; copied
   * @throws IllegalArgumentException if there is not one label for each sequence
   */
  public static EncodedExamples of(int[][] tokens, int[] labels) {
    if (tokens.length != labels.length) {
      throw new IllegalArgumentException(
          "%d sequences and %d labels".formatted(tokens.length, labels.length));
    }
    return new EncodedExamples(
        new Tokens(tokens), IntStream.range(0, tokens.length).toArray(), labels.clone());
  }

  /** Number of examples. */
  public int size() {
    return labels.length;
  }

  /** Tokens of each of the examples at {@code indices}, in that order; a new array. */
  public int[] lengths(int... indices) {
    return Arrays.stream(sequences(indices)).mapToInt(sequence -> sequence.length).toArray();
  }

  /**
   * The examples at {@code indices}, in that order.
   *
   * @throws IllegalArgumentException if there are none
   */
  public LabelledBatch batch(int... indices) {
    return new LabelledBatch(
        TokenBatch.of(List.of(sequences(indices))),
        Arrays.stream(indices).map(i -> labels[i]).toArray());
  }

  private int[][] sequences(int[] indices) {
    return tokens.of(Arrays.stream(indices).map(i -> texts[i]).toArray());
  }

  /** At most {@code limit} of the examples, spread evenly over all; 0 for all. */
  public EncodedExamples spread(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit " + limit);
    }
    if (limit == 0 || limit >= size()) {
      return this;
    }
    int[] chosen = IntStream.range(0, limit).map(i -> (int) ((long) i * size() / limit)).toArray();
    return new EncodedExamples(
        tokens,
        Arrays.stream(chosen).map(i -> texts[i]).toArray(),
        Arrays.stream(chosen).map(i -> labels[i]).toArray());
  }

  /**
   * The examples at {@code indices} in batches of like length, which need little padding: all of
   * {@code batchSize} but the last, from short to long, ties in the order given.
   *
   * @return the indices of each batch
   */
  public List<int[]> batchesByLength(int[] indices, int batchSize) {
    int[] sorted = LengthOrder.of(indices, lengths(indices));
    List<int[]> batches = new ArrayList<>();
    for (int first = 0; first < sorted.length; first += batchSize) {
      batches.add(Arrays.copyOfRange(sorted, first, Math.min(first + batchSize, sorted.length)));
    }
    return batches;
  }

  /** As {@link #batchesByLength(int[], int)}, of all examples. */
  public List<int[]> batchesByLength(int batchSize) {
    return batchesByLength(IntStream.range(0, size()).toArray(), batchSize);
  }
}
