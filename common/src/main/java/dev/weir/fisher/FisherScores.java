package dev.weir.fisher;

/** Skeleton, to be filled. */
public final class FisherScores {
  private FisherScores() {}
}
