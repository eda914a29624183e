package dev.weir.coordinator;

import dev.weir.job.Job;
import dev.weir.problem.UserException;
import dev.weir.task.Task;
import org.jspecify.annotations.Nullable;

/** The task of a run, loaded when it is first needed. Any thread. */
final class LoadedTask implements AutoCloseable {
  private final Job job;
  private @Nullable Task task;
  private boolean selected;

  LoadedTask(Job job) {
    this.job = job;
  }

  Job job() {
    return job;
  }

  synchronized Task get() {
    Task loaded = task;
    if (loaded == null) {
      loaded = Task.load(job, job.method().threads(), "cpu");
      task = loaded;
    }
    return loaded;
  }

  /**
   * The task, its model ready to be given trained values.
   *
   * @throws UserException if model or data are not those that the run was begun with
   */
  synchronized Task of(RunStart start) {
    Task loaded = get();
    if (!selected) {
      start.foundation().requireSame(Foundation.of(loaded));
      loaded.model().select(start.mask());
      selected = true;
    }
    return loaded;
  }

  @Override
  public synchronized void close() {
    if (task != null) {
      task.close();
    }
  }
}
