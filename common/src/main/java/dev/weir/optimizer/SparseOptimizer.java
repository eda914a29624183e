package dev.weir.optimizer;

/** Skeleton, to be filled. */
public final class SparseOptimizer {
  private SparseOptimizer() {}
}
