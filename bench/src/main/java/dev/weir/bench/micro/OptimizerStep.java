package dev.weir.bench.micro;

import dev.weir.data.LabelledBatch;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.mask.Masks;
import dev.weir.state.StepOutcome;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What follows a step's sums on the bundled model: the update, and the way into the engine. */
@State(Scope.Thread)
public class OptimizerStep {
  private final Task task;
  private final TrainingState state;
  private final int[] sums;

  /** Loads the bundled job with a random mask of its density. */
  public OptimizerStep() {
    Path home = Path.of(System.getProperty("weir.home", "."));
    Job job =
        JobFile.load(
            home.resolve("jobs/minilm-grammar.yaml"), List.of("training.steps=1000000000"));
    task = Task.load(job, 1, "cpu");
    int k = Masks.budget(task.model().layout(), job.method().density());
    Mask mask = Masks.random(task.model().layout(), k, 1);
    task.model().select(mask);
    state = task.newState(mask);
    sums = new SplittableRandom(1).ints(k, -1000, 1000).toArray();
  }

  /** Sums to floats, AdamW on k values, exponents of the next step. */
  @Benchmark
  public StepOutcome optimizer() {
    return state.commit(0, sums);
  }

  /** k values into the model's parameters. */
  @Benchmark
  public void scatter() {
    task.model().write(state.values());
  }

  /**
   * Nanoseconds that the engine's gradient takes to the host, the median of some shards.
   *
   * @param shards how many
   */
  long gatherNs(int shards) {
    float[] gradient = new float[sums.length];
    long[] ns = new long[shards];
    for (int i = 0; i < shards; i++) {
      LabelledBatch batch = task.shardBatches().batch(i, 0);
      ns[i] = task.model().gradient(batch.tokens(), batch.labels(), 1f, gradient).gatherNs();
    }
    Arrays.sort(ns);
    return ns[shards / 2];
  }

  /** Gives the engine's memory back. */
  @TearDown
  public void unload() {
    task.close();
  }
}
