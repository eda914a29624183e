package dev.weir.spark;

import dev.weir.problem.UserException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** A Spark task: runs one worker, a process of its own, to the end of the run. */
final class WorkerTask extends AbstractFunction1<Iterator<Integer>, Iterator<WorkerEnd>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Invitation invitation;
  private final int attempt;

  /**
   * @param attempt counts how often all workers were started again
   */
  WorkerTask(Invitation invitation, int attempt) {
    this.invitation = invitation;
    this.attempt = attempt;
  }

  int attempt() {
    return attempt;
  }

  /**
   * @return how the worker ended; a mistake of the user's is handed back rather than thrown, for
   *     trying again would not help
   * @throws IllegalStateException if it crashed: Spark may try again
   */
  @Override
  public Iterator<WorkerEnd> apply(Iterator<Integer> unused) {
    return CollectionConverters.asScala(List.of(run(TaskContext.get())).iterator());
  }

  private WorkerEnd run(TaskContext context) {
    try {
      Device device = Device.of(context.resourcesJMap());
      try (WorkerProcess worker = new WorkerProcess(invitation, device, name(context))) {
        return worker.await(context);
      }
    } catch (UserException e) {
      return new WorkerEnd(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.killTaskIfInterrupted();
      throw new IllegalStateException("interrupted while a worker ran", e);
    }
  }

  private String name(TaskContext context) {
    int again = attempt + context.attemptNumber();
    String name = "task-" + context.partitionId();
    return again == 0 ? name : name + "-again-" + again;
  }
}
