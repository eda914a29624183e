package dev.weir.bench.scale;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link Cost} that measured steps agree with best: the least sum of squared relative
 * errors, with no part below zero. Of few parts every subset can be tried.
 */
final class CostFit {
  private static final int PARTS = 3;

  private CostFit() {}

  /**
   * A measured step.
   *
   * @param peers that one side has
   * @param messages of values, received and sent
   * @param bytes of values, received and sent
   * @param seconds that it took of a processor
   */
  record Sample(double peers, double messages, double bytes, double seconds) {
    private double[] relative() {
      return new double[] {peers / seconds, messages / seconds, bytes / seconds};
    }
  }

  /**
   * Fits.
   *
   * @param samples at least one
   */
  static Cost of(List<Sample> samples) {
    double least = Double.MAX_VALUE;
    double[] best = new double[PARTS];
    for (int subset = 1; subset < 1 << PARTS; subset++) {
      double[] found = solve(samples, subset);
      if (found != null && error(samples, found) < least) {
        least = error(samples, found);
        best = found;
      }
    }
    return new Cost(best[0], best[1], best[2]);
  }

  private static double error(List<Sample> samples, double[] parts) {
    double sum = 0;
    for (Sample sample : samples) {
      double[] each = sample.relative();
      double predicted = 0;
      for (int i = 0; i < PARTS; i++) {
        predicted += each[i] * parts[i];
      }
      sum += (predicted - 1) * (predicted - 1);
    }
    return sum;
  }

  /** Solves the normal equations of some parts; null if that needs a negative one. */
  private static double @Nullable [] solve(List<Sample> samples, int subset) {
    double[][] matrix = new double[PARTS][PARTS + 1];
    double[] scale = scale(samples);
    for (Sample sample : samples) {
      double[] each = sample.relative();
      for (int i = 0; i < PARTS; i++) {
        for (int j = 0; j < PARTS; j++) {
          matrix[i][j] += each[i] * each[j] / (scale[i] * scale[j]);
        }
        matrix[i][PARTS] += each[i] / scale[i];
      }
    }
    for (int i = 0; i < PARTS; i++) {
      if ((subset & 1 << i) == 0) {
        for (int j = 0; j < PARTS; j++) {
          matrix[i][j] = 0;
          matrix[j][i] = 0;
        }
        matrix[i][i] = 1;
        matrix[i][PARTS] = 0;
      }
    }
    double[] found = eliminate(matrix);
    for (int i = 0; i < PARTS; i++) {
      found[i] /= scale[i];
      if (!(found[i] >= 0)) {
        return null;
      }
    }
    return found;
  }

  /** So that a second for a peer and one for a byte do not differ by nine orders. */
  private static double[] scale(List<Sample> samples) {
    double[] scale = new double[PARTS];
    for (Sample sample : samples) {
      for (int i = 0; i < PARTS; i++) {
        scale[i] = Math.max(scale[i], sample.relative()[i]);
      }
    }
    return scale;
  }

  private static double[] eliminate(double[][] matrix) {
    for (int pivot = 0; pivot < PARTS; pivot++) {
      for (int row = 0; row < PARTS; row++) {
        if (row != pivot) {
          double factor = matrix[row][pivot] / matrix[pivot][pivot];
          for (int column = pivot; column <= PARTS; column++) {
            matrix[row][column] -= factor * matrix[pivot][column];
          }
        }
      }
    }
    double[] found = new double[PARTS];
    for (int i = 0; i < PARTS; i++) {
      found[i] = matrix[i][PARTS] / matrix[i][i];
    }
    return found;
  }
}
