package dev.weir.evaluation;

import java.util.Arrays;

/** Counts of how often each class was predicted where each was the label. Immutable. */
public final class ConfusionMatrix {
  private final long[][] counts;

  private ConfusionMatrix(long[][] counts) {
    this.counts = counts;
  }

  /** Number of classes. */
  public int classes() {
    return counts.length;
  }

  /** How often {@code predicted} was predicted where {@code label} was the label. */
  public long count(int label, int predicted) {
    return counts[label][predicted];
  }

  /** Sum of all counts. */
  public long samples() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /** Share of the samples whose prediction is their label; NaN without samples. */
  public double accuracy() {
    return (double) correct() / samples();
  }

  /**
   * Correlation of labels and predictions, from −1 to 1; 0 for predictions that know nothing of the
   * labels, whatever the balance of the classes.
   *
   * <p>For any number of classes K, the R_K of Gorodkin, "Comparing two K-category assignments by a
   * K-category correlation coefficient" (2004), equation 8; for two classes that is the phi of
   * Matthews (1975). With c correct samples of s, t_k labels and p_k predictions of class k:
   *
   * <pre>(c·s − Σ p_k·t_k) / √((s² − Σ p_k²) · (s² − Σ t_k²))</pre>
   *
   * Where that is 0/0, since all labels or all predictions are of one class, it is 0 by convention.
   */
  public double matthews() {
    long s = samples();
    long covariance = correct() * s;
    long spreadOfLabels = s * s;
    long spreadOfPredictions = s * s;
    for (int k = 0; k < counts.length; k++) {
      long t = labels(k);
      long p = predictions(k);
      covariance -= t * p;
      spreadOfLabels -= t * t;
      spreadOfPredictions -= p * p;
    }
    if (spreadOfLabels == 0 || spreadOfPredictions == 0) {
      return 0;
    }
    return covariance / Math.sqrt((double) spreadOfLabels * spreadOfPredictions);
  }

  private long correct() {
    long correct = 0;
    for (int k = 0; k < counts.length; k++) {
      correct += counts[k][k];
    }
    return correct;
  }

  private long labels(int k) {
    return Arrays.stream(counts[k]).sum();
  }

  private long predictions(int k) {
    return Arrays.stream(counts).mapToLong(row -> row[k]).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix matrix && Arrays.deepEquals(counts, matrix.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(counts);
  }

  /** One row for each label, its predictions in order. */
  @Override
  public String toString() {
    return Arrays.deepToString(counts);
  }

  /** Counts samples one by one. */
  public static final class Builder {
    private final long[][] counts;

    /**
     * @param classes their number
     */
    public Builder(int classes) {
      counts = new long[classes][classes];
    }

    /** Counts a sample. */
    public void add(int label, int predicted) {
      counts[label][predicted]++;
    }

    /** What was counted so far. */
    public ConfusionMatrix build() {
      return new ConfusionMatrix(Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new));
    }
  }
}
