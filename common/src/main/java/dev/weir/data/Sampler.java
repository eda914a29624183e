package dev.weir.data;

/** Skeleton, to be filled. */
public final class Sampler {
  private Sampler() {}
}
