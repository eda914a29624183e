package dev.weir.wire;

/** Skeleton, to be filled. */
public final class Protocol {
  private Protocol() {}
}
