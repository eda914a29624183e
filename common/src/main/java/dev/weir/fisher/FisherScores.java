package dev.weir.fisher;

import dev.weir.data.EncodedExamples;
import dev.weir.data.LabelledBatch;
import dev.weir.data.Permutation;
import dev.weir.model.TrainableModel;
import dev.weir.parameter.ParameterSpec;
import dev.weir.problem.UserException;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The diagonal of a model's Fisher information: how much each parameter matters for the task (FISH
 * Mask, equations 3 and 4).
 */
public final class FisherScores {
  /** Stream of the seed's random orders; the epochs of training have 0 and up. */
  private static final long STREAM = -1;

  private FisherScores() {}

  /**
   * The mean, over some of the training samples, of each sample's squared gradient. The same calls
   * give the same bits.
   *
   * @param model in the state that the scores are to be of; its parameters are not changed
   * @param train the training part
   * @param settings which samples, and how
   * @param progress told the number of samples done so far, from time to time
   * @return n scores, none negative; a new array, the caller's
   * @throws UserException if a score is not finite, naming the parameter
   */
  public static float[] compute(
      TrainableModel model, EncodedExamples train, FisherSettings settings, IntConsumer progress) {
    int[] samples = samples(train.size(), settings);
    float[] scores = new float[model.layout().size()];
    int done = 0;
    for (int[] indices : train.batchesByLength(samples, settings.batchSize())) {
      LabelledBatch batch = train.batch(indices);
      model.addFisher(batch.tokens(), batch.labels(), settings.kind(), scores);
      done += batch.size();
      progress.accept(done);
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= samples.length;
    }
    requireFinite(model, scores);
    return scores;
  }

  /** The first of a random order of all: none twice, and more samples include those of fewer. */
  private static int[] samples(int available, FisherSettings settings) {
    int[] order = Permutation.of(settings.seed(), STREAM, available);
    return Arrays.copyOf(order, Math.min(settings.samples(), available));
  }

  private static void requireFinite(TrainableModel model, float[] scores) {
    for (ParameterSpec parameter : model.layout().parameters()) {
      for (int i = parameter.offset(); i < parameter.end(); i++) {
        if (!Float.isFinite(scores[i])) {
          throw new UserException(
              "Fisher score of " + parameter.name() + "[" + (i - parameter.offset()) + "]",
              scores[i] + ", but every score must be finite to be ranked",
              "Check that all weights of the base model are finite, and that it takes such texts.");
        }
      }
    }
  }
}
