package dev.weir.job;

/** The rule that turns a gradient into an update. */
public enum OptimizerName {
  /** Adam with decoupled weight decay. */
  ADAMW,
  /** Stochastic gradient descent with momentum. */
  SGD
}
