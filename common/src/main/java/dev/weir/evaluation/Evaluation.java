package dev.weir.evaluation;

import dev.weir.data.EncodedExamples;
import dev.weir.data.LabelledBatch;
import dev.weir.model.TrainableModel;
import java.util.concurrent.CancellationException;

/**
 * How well a model classifies examples that it was not trained on.
 *
 * @param confusion how often each class was taken for each
 * @param loss mean cross-entropy in nats; not finite where the model's logits are not
 */
public record Evaluation(ConfusionMatrix confusion, double loss) {

  /**
   * Classifies all examples, in batches of like length. The same calls give the same bits.
   *
   * <p>Of classes with equal logits, the first is predicted.
   *
   * @param classes number of classes, at least as many as the examples' labels
   * @param batchSize sequences per forward pass
   * @throws IllegalArgumentException if there is no example
   * @throws CancellationException if the thread is interrupted; checked before each batch
   */
  public static Evaluation of(
      TrainableModel model, EncodedExamples examples, int classes, int batchSize) {
    if (examples.size() == 0) {
      throw new IllegalArgumentException("there is no example to evaluate on");
    }
    ConfusionMatrix.Builder confusion = new ConfusionMatrix.Builder(classes);
    double loss = 0;
    for (int[] indices : examples.batchesByLength(batchSize)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the evaluation was interrupted");
      }
      LabelledBatch batch = examples.batch(indices);
      float[][] logits = model.logits(batch.tokens());
      for (int i = 0; i < batch.size(); i++) {
        int label = batch.labels()[i];
        confusion.add(label, argMax(logits[i]));
        loss += crossEntropy(logits[i], label);
      }
    }
    return new Evaluation(confusion.build(), loss / examples.size());
  }

  /** Share of the examples that were classified correctly. */
  public double accuracy() {
    return confusion.accuracy();
  }

  /** Matthews correlation; see {@link ConfusionMatrix#matthews()}. */
  public double matthews() {
    return confusion.matthews();
  }

  /** Number of examples. */
  public long samples() {
    return confusion.samples();
  }

  private static int argMax(float[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      if (logits[c] > logits[best]) {
        best = c;
      }
    }
    return best;
  }

  /** −log softmax(logits)[label], with the largest logit taken out so that nothing overflows. */
  private static double crossEntropy(float[] logits, int label) {
    double largest = logits[argMax(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return Math.log(sum) + largest - logits[label];
  }
}
