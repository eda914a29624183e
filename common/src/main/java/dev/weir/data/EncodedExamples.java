package dev.weir.data;

import dev.weir.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** One part of a data set as token ids and labels, from which batches are made. Immutable. */
public final class EncodedExamples {
  private final int[][] tokens;
  private final int[] labels;

  private EncodedExamples(int[][] tokens, int[] labels) {
    this.tokens = tokens;
    this.labels = labels;
  }

  /** Tokenizes the examples; index i is that of the i-th. */
  public static EncodedExamples encode(List<Example> examples, Encoder encoder) {
    int[][] tokens = encoder.encode(examples.stream().map(Example::text).toList());
    return new EncodedExamples(tokens, examples.stream().mapToInt(Example::label).toArray());
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
        Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new), labels.clone());
  }

  /** Number of examples. */
  public int size() {
    return labels.length;
  }

  /** Tokens of each example; a new array. */
  public int[] lengths() {
    return Arrays.stream(tokens).mapToInt(sequence -> sequence.length).toArray();
  }

  /**
   * The examples at {@code indices}, in that order.
   *
   * @throws IllegalArgumentException if there are none
   */
  public LabelledBatch batch(int... indices) {
    List<int[]> sequences = Arrays.stream(indices).mapToObj(i -> tokens[i]).toList();
    return new LabelledBatch(
        TokenBatch.of(sequences), Arrays.stream(indices).map(i -> labels[i]).toArray());
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
        Arrays.stream(chosen).mapToObj(i -> tokens[i]).toArray(int[][]::new),
        Arrays.stream(chosen).map(i -> labels[i]).toArray());
  }

  /**
   * The examples at {@code indices} in batches of like length, which need little padding: all of
   * {@code batchSize} but the last, from short to long, ties in the order given.
   *
   * @return the indices of each batch
   */
  public List<int[]> batchesByLength(int[] indices, int batchSize) {
    int[] sorted =
        Arrays.stream(indices)
            .boxed()
            .sorted(Comparator.comparingInt(i -> tokens[i].length))
            .mapToInt(Integer::intValue)
            .toArray();
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
