package dev.weir.state;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import java.nio.file.Path;

/** Temporary. */
@SuppressWarnings("all")
public record Delta(Mask mask, float[] values) {
  public static Delta of(String job, String modelDigest, Mask mask, TrainingState state) {
    return new Delta(mask, state.values());
  }

  public void write(Path file) {}

  public static Delta read(Path file, ParameterLayout layout, String modelDigest) {
    throw new UnsupportedOperationException();
  }
}
