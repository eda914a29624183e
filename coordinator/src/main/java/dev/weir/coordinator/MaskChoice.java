package dev.weir.coordinator;

import dev.weir.data.EncodedExamples;
import dev.weir.fisher.FisherScores;
import dev.weir.fisher.FisherSettings;
import dev.weir.job.Fisher;
import dev.weir.job.Job;
import dev.weir.job.MethodSection;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.mask.Masks;
import dev.weir.model.FisherKind;
import dev.weir.parameter.ParameterLayout;
import dev.weir.problem.UserException;
import dev.weir.state.AtomicFile;
import dev.weir.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The coordinates that a run trains, and what it took to choose them.
 *
 * @param mask the coordinates
 * @param seconds time of choosing; 0 if they were read from a file
 */
public record MaskChoice(Mask mask, double seconds) {
  private static final int FISHER_BATCH = 16;

  /** Chooses as the job's method says. */
  public static MaskChoice of(Task task) {
    long startNs = System.nanoTime();
    Mask mask = choose(task);
    return new MaskChoice(mask, (System.nanoTime() - startNs) / 1e9);
  }

  private static Mask choose(Task task) {
    Job job = task.job();
    ParameterLayout layout = task.model().layout();
    MethodSection method = job.method();
    return switch (method.name()) {
      case FISHER -> Masks.topK(layout, fisherScores(task), Masks.budget(layout, method.density()));
      case RANDOM -> Masks.random(layout, Masks.budget(layout, method.density()), job.seed());
      case MAGNITUDE ->
          Masks.magnitude(layout, task.model().values(), Masks.budget(layout, method.density()));
      case BITFIT -> Masks.bitfit(layout);
      case DENSE -> Mask.dense(layout);
    };
  }

  private static float[] fisherScores(Task task) {
    MethodSection method = task.job().method();
    EncodedExamples train = task.train();
    return FisherScores.compute(
        task.model(),
        train,
        new FisherSettings(
            method.fisher() == Fisher.EMPIRICAL ? FisherKind.EMPIRICAL : FisherKind.EXPECTED,
            method.samples(),
            FISHER_BATCH,
            task.job().seed()),
        done -> {});
  }

  /**
   * Reads the mask that a run was begun with.
   *
   * @throws UserException if there is none, or it is damaged
   */
  public static MaskChoice read(ParameterLayout layout, Path file) {
    if (!Files.exists(file)) {
      throw new UserException(
          file.toString(),
          "there is no mask: the run was stopped before it had chosen one",
          "Start a new run.");
    }
    try {
      return new MaskChoice(MaskCodec.decode(layout, Files.readAllBytes(file), file.toString()), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Writes the mask. */
  public void write(Path file) {
    try {
      AtomicFile.write(
          file, out -> AtomicFile.writeFully(out, ByteBuffer.wrap(MaskCodec.encode(mask))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
