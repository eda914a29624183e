package dev.weir.job;

/** Skeleton, to be filled. */
public final class Job {
  private Job() {}
}
