package dev.weir.parameter;

import java.util.List;

/** Skeleton, to be filled. */
public final class ParameterLayout {
  private final List<ParameterSpec> parameters;

  /** Skeleton. */
  public ParameterLayout(List<ParameterSpec> parameters) {
    this.parameters = List.copyOf(parameters);
  }

  /** In ascending order of their offsets. */
  public List<ParameterSpec> parameters() {
    return parameters;
  }
}
