package dev.weir.coordinator;

import dev.weir.evaluation.Evaluation;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.state.Delta;
import dev.weir.task.Task;
import java.nio.file.Path;

/** Evaluates what a run has trained, from its base model and its delta. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Loads the delta of {@code directory} onto the base model that its job names, and evaluates it
   * on the held-out samples.
   *
   * @throws dev.weir.problem.UserException if the delta is missing, corrupt or of another model
   */
  public static Evaluation evaluate(RunDirectory directory) {
    Path file = directory.delta();
    Job job = JobFile.parse(RunDirectory.read(directory.job()), directory.job().toString());
    try (Task task = Task.load(job, job.method().threads(), "cpu")) {
      Delta delta = Delta.read(file, task.model().layout(), task.model().digest());
      task.model().select(delta.mask());
      task.model().write(delta.values());
      return task.evaluate();
    }
  }
}
