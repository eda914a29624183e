package dev.weir.mask;

import dev.weir.parameter.ParameterLayout;

/** Skeleton, to be filled. */
public final class Mask {
  private final ParameterLayout layout;

  Mask(ParameterLayout layout) {
    this.layout = layout;
  }

  /** The numbering that this mask selects from. */
  public ParameterLayout layout() {
    return layout;
  }
}
