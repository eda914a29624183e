package dev.weir.job;

/** How the differences that replicas have come to become an update. */
public enum Combination {
  /** The mean of the replicas. */
  MEAN,
  /** The sum of all that they have moved. */
  SUM,
  /** The mean is a gradient, followed with Nesterov momentum. */
  NESTEROV
}
