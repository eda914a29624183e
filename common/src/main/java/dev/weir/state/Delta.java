package dev.weir.state;

import dev.weir.mask.Mask;
import dev.weir.parameter.ParameterLayout;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The result of training: the k trained values, which replace those of the base model. Values and
 * not differences, so that a model with a delta applied has the very bits that were trained.
 */
public final class Delta {
  private final DeltaInfo info;
  private final Mask mask;
  private final float[] values;

  /** Takes over the values. */
  Delta(DeltaInfo info, Mask mask, float[] values) {
    this.info = info;
    this.mask = mask;
    this.values = values;
  }

  /**
   * The delta that a training state has come to.
   *
   * @param job the job, in YAML
   * @param baseDigest digest of the base model
   * @param mask the mask that is trained
   * @param state its values are copied
   */
  public static Delta of(String job, String baseDigest, Mask mask, TrainingState state) {
    if (state.size() != mask.size()) {
      throw new IllegalArgumentException(state.size() + " values for a mask of " + mask.size());
    }
    String layoutDigest = mask.layout().digest();
    DeltaInfo info =
        new DeltaInfo(baseDigest, layoutDigest, mask.digest(), state.digest(), state.step(), job);
    return new Delta(info, mask, state.values().clone());
  }

  /**
   * Reads a delta.
   *
   * @param layout numbering of the base model's parameters
   * @param baseDigest digest of the base model
   * @throws UserException if there is no such file, or it is not a delta, is damaged, or is a delta
   *     on another model
   */
  public static Delta read(Path file, ParameterLayout layout, String baseDigest) {
    try {
      return DeltaFile.read(file, layout, baseDigest);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * Where the delta in a file comes from, so that its base model can be opened.
   *
   * @throws UserException if there is no such file, or it is not a delta, or is damaged
   */
  public static DeltaInfo readInfo(Path file) {
    try {
      return DeltaFile.readInfo(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Writes it as a safetensors file, whole or not at all. */
  public void write(Path file) {
    try {
      DeltaFile.write(file, this);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Where it comes from. */
  public DeltaInfo info() {
    return info;
  }

  /** The coordinates that it replaces. */
  public Mask mask() {
    return mask;
  }

  /** The trained values, length k, in the order of the mask. Owned by the delta; do not write. */
  public float[] values() {
    return values;
  }

  /**
   * Overwrites the trained coordinates of a model.
   *
   * @param all length n, all values of the base model
   */
  public void applyTo(float[] all) {
    if (all.length != mask.layout().size()) {
      throw new IllegalArgumentException(all.length + " values of " + mask.layout().size());
    }
    int[] coordinates = mask.indices();
    for (int i = 0; i < coordinates.length; i++) {
      all[coordinates[i]] = values[i];
    }
  }
}
