package dev.weir.coordinator;

import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.data.EncodedExamples;
import dev.weir.job.Job;
import dev.weir.job.TrainingSection;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates the model beside its training, every so many steps.
 *
 * <p>At such a step the event loop copies the k trained values and goes on; a thread of its own
 * puts them into the coordinator's model, which nothing else uses meanwhile, and classifies. It
 * reads the training state never and writes it never, so the result of the run is the same with it
 * and without. If it is slower than the steps, the latest waiting values replace older ones.
 */
final class TrainingEvaluations implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(TrainingEvaluations.class);

  private final Supplier<Task> task;
  private final TrainingState state;
  private final TrainingSection training;
  private final Consumer<Scored> results;
  private final AtomicReference<@Nullable Values> waiting = new AtomicReference<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread evaluating = new Thread(work, "weir-evaluation");
            evaluating.setDaemon(true);
            return evaluating;
          });

  /** Steps done at the last evaluation of the curve, or negative; never used by two at once. */
  private long last;

  /** A copy of the trained values after so many steps. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Values(long steps, float[] values) {}

  /**
   * @param task the coordinator's; asked for only if it is needed
   * @param state what is trained; read on the event loop, when a step has ended
   * @param history what a resumed run did before, whose curve goes on
   * @param results is told of each evaluation, on the thread that evaluates
   */
  TrainingEvaluations(
      Job job,
      Supplier<Task> task,
      TrainingState state,
      RunHistory history,
      Consumer<Scored> results) {
    this.task = task;
    this.state = state;
    this.training = job.training();
    this.results = results;
    this.last = history.evaluations().stream().mapToLong(Scored::steps).max().orElse(-1);
  }

  private boolean isWanted() {
    return training.evaluateEvery() > 0;
  }

  /** Whether these evaluations are on fewer samples than those before and after. */
  private boolean isOnFewer() {
    return examples().size() < task.get().heldOut().size();
  }

  private EncodedExamples examples() {
    return task.get().heldOut().spread(training.evaluateSamples());
  }

  /**
   * Before the first step: the curve's beginning, if no other evaluation is one; or in a run that
   * goes on, the evaluation that it owed when it was broken off.
   */
  void begin() {
    if (isWanted() && (state.step() == 0 ? isOnFewer() : isDue())) {
      request();
    }
  }

  @Override
  public void step(StepRecord record) {
    if (isWanted() && isDue()) {
      request();
    }
  }

  /** Whether the curve lacks the last interval's evaluation; the end's has its own place. */
  private boolean isDue() {
    long every = training.evaluateEvery();
    return state.step() < training.steps() && state.step() / every > Math.max(0, last) / every;
  }

  private void request() {
    last = state.step();
    Values replaced = waiting.getAndSet(new Values(state.step(), state.values().clone()));
    if (replaced == null) {
      thread.execute(this::evaluateWaiting);
    } else {
      log.info("evaluation is slower than training: step {} is left out", replaced.steps);
    }
  }

  private void evaluateWaiting() {
    Values values = waiting.getAndSet(null);
    if (values == null) {
      return;
    }
    try {
      task.get().model().write(values.values);
      results.accept(Scored.of(values.steps, task.get().evaluate(examples())));
    } catch (CancellationException e) {
      log.debug("the run ends", e);
    } catch (RuntimeException e) {
      log.error("the evaluation after step {} failed", values.steps, e);
    }
  }

  /**
   * Ends the thread, after which the model is the caller's again.
   *
   * @param finished whether training came to its end: then what was begun is completed, and the
   *     curve's end is added if no other evaluation is one
   */
  void end(boolean finished) throws InterruptedException {
    if (finished && isWanted() && isOnFewer() && last < state.step()) {
      request();
    }
    if (finished) {
      thread.shutdown();
    } else {
      thread.shutdownNow();
    }
    while (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
      log.info("waiting for an evaluation to end");
    }
  }
}
