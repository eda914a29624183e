package dev.weir.state;

/** Skeleton, to be filled. */
public final class TrainingState {
  private TrainingState() {}
}
