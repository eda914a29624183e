package dev.weir.task;

import dev.weir.data.Dataset;
import dev.weir.data.EncodedExamples;
import dev.weir.data.Encoder;
import dev.weir.data.ShardBatches;
import dev.weir.evaluation.Evaluation;
import dev.weir.job.Job;
import dev.weir.mask.Mask;
import dev.weir.model.ModelSource;
import dev.weir.model.PretrainedModels;
import dev.weir.model.TrainableModel;
import dev.weir.state.TrainingState;
import dev.weir.state.UpdateRule;

/**
 * What a job trains, loaded: its model and its data. Coordinator and workers each load their own,
 * from the same job, and compare digests.
 *
 * @param job the job
 * @param dataset texts and labels
 * @param encoder tokenizes both parts; closed with the task
 * @param train the training part, as tokens
 * @param heldOut the held-out part, as tokens
 * @param model the model; closed with the task
 */
public record Task(
    Job job,
    Dataset dataset,
    Encoder encoder,
    EncodedExamples train,
    EncodedExamples heldOut,
    TrainableModel model)
    implements AutoCloseable {
  private static final int EVALUATION_BATCH = 32;

  /**
   * Loads everything.
   *
   * @param threads compute threads of this process
   * @param device where the model is: {@code cpu}, {@code gpu}, or {@code gpu1} and so on
   * @throws dev.weir.problem.UserException if a file is missing or wrong
   */
  public static Task load(Job job, int threads, String device) {
    Dataset dataset = DataSources.of(job.data()).load();
    ModelSource source = ModelSource.of(job.model().source());
    byte[] tokenizer = PretrainedModels.tokenizerJson(source);
    Encoder encoder = new Encoder(tokenizer, job.model().maxLength());
    return new Task(
        job,
        dataset,
        encoder,
        EncodedExamples.of(dataset.train(), encoder),
        EncodedExamples.of(dataset.heldOut(), encoder),
        PretrainedModels.open(
            source, job.model().layers(), dataset.classes().size(), job.seed(), threads, device));
  }

  /** The batches of the job's shards. */
  public ShardBatches shardBatches() {
    return new ShardBatches(train, job.seed(), job.training().batchSize(), job.training().shards());
  }

  /** The state before the first step: the model's own values at the mask. */
  public TrainingState newState(Mask mask) {
    model.select(mask);
    float[] values = new float[mask.size()];
    model.read(values);
    return new TrainingState(updateRule(mask), values);
  }

  /** How the values of {@code mask} are updated. */
  public UpdateRule updateRule(Mask mask) {
    return UpdateRules.of(job, mask);
  }

  /** How well the model, as it is now, classifies the held-out part. */
  public Evaluation evaluate() {
    return evaluate(heldOut);
  }

  /** The same for some of the held-out part. */
  public Evaluation evaluate(EncodedExamples examples) {
    return Evaluation.of(model, examples, dataset.classes().size(), EVALUATION_BATCH);
  }

  @Override
  public void close() {
    model.close();
    encoder.close();
  }
}
