package dev.weir.sum;

/** Skeleton, to be filled. */
public final class BlockExponents {
  private BlockExponents() {}
}
