package dev.weir.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The Spark job whose tasks are the workers. All at once as a barrier stage, which is retried as a
 * whole when a task is lost; or, elastic, each on its own.
 */
final class WorkerStage {
  private static final Logger log = LoggerFactory.getLogger(WorkerStage.class);
  private static final ClassTag<WorkerEnd> ENDS = ClassTag.apply(WorkerEnd.class);
  private static final String GROUP = "spark.jobGroup.id";
  private static final String DESCRIPTION = "spark.job.description";
  private static final String INTERRUPT = "spark.job.interruptOnCancel";

  /** How often Spark attempts a stage. */
  private static final String ATTEMPTS = "spark.stage.maxConsecutiveAttempts";

  private static final int DEFAULT_ATTEMPTS = 4;

  /** How Spark says that a task of a barrier stage failed. */
  private static final String LOST_FROM_BARRIER = "failed barrier ResultStage";

  /** What the workers get to end by themselves after the coordinator has. */
  private static final long GRACE_SECONDS = 20;

  private final SparkContext context;
  private final String group = "weir-" + UUID.randomUUID();
  private final CompletableFuture<String> mistake = new CompletableFuture<>();

  WorkerStage(SparkContext context) {
    this.context = context;
  }

  /**
   * Runs the workers to their end, or until the coordinator has ended.
   *
   * @throws RuntimeException Spark's, if the job failed or was cancelled
   */
  void run(Invitation invitation, int workers, boolean isElastic, CoordinatorProcess coordinator) {
    CompletableFuture<Void> atItsEnd =
        coordinator.onExit().thenAccept(end -> cancel(end.exitValue() == 0 ? GRACE_SECONDS : 0));
    CompletableFuture<Void> atAMistake = mistake.thenAccept(said -> coordinator.stop());
    String group = context.getLocalProperty(GROUP);
    String description = context.getLocalProperty(DESCRIPTION);
    String interrupt = context.getLocalProperty(INTERRUPT);
    context.setJobGroup(this.group, "Weir: " + workers + " workers", true);
    try {
      int attempt = 0;
      while (!isOver(new WorkerTask(invitation, attempt), workers, isElastic, coordinator)) {
        attempt++;
        log.warn("a worker or its executor was lost; starting all again (attempt {})", attempt);
      }
    } finally {
      atItsEnd.cancel(false);
      atAMistake.cancel(false);
      context.setLocalProperty(GROUP, group);
      context.setLocalProperty(DESCRIPTION, description);
      context.setLocalProperty(INTERRUPT, interrupt);
    }
  }

  /**
   * One attempt. Spark itself does not retry a barrier stage that ends a job, for its tasks might
   * have written results; ours have not.
   */
  private boolean isOver(
      WorkerTask task, int workers, boolean isElastic, CoordinatorProcess coordinator) {
    try {
      context.runJob(ends(task, workers, isElastic), new Only(), new OnEnd(mistake), ENDS);
      return true;
    } catch (Exception e) { // A SparkException, which Scala does not declare.
      boolean isLost = String.valueOf(e.getMessage()).contains(LOST_FROM_BARRIER);
      int attempts = context.getConf().getInt(ATTEMPTS, DEFAULT_ATTEMPTS);
      if (!isLost || task.attempt() + 1 >= attempts || mistake.isDone() || !coordinator.isAlive()) {
        throw e;
      }
      return false;
    }
  }

  /** What the user has to mend, as the first worker said that could not take part; or null. */
  @Nullable String mistake() {
    return mistake.getNow(null);
  }

  private RDD<WorkerEnd> ends(WorkerTask task, int workers, boolean isElastic) {
    List<Integer> numbers = new ArrayList<>();
    for (int number = 0; number < workers; number++) {
      numbers.add(number);
    }
    RDD<Integer> each =
        JavaSparkContext.fromSparkContext(context).parallelize(numbers, workers).rdd();
    return isElastic
        ? each.mapPartitions(task, false, ENDS)
        : each.barrier().mapPartitions(task, false, ENDS);
  }

  private void cancel(long afterSeconds) {
    CompletableFuture.delayedExecutor(afterSeconds, TimeUnit.SECONDS)
        .execute(
            () -> {
              if (!context.isStopped()) {
                context.cancelJobGroupAndFutureJobs(group, "the coordinator has ended");
              }
            });
  }

  /** The only element of a partition. */
  private static final class Only extends AbstractFunction1<Iterator<WorkerEnd>, WorkerEnd>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public WorkerEnd apply(Iterator<WorkerEnd> ends) {
      return ends.next();
    }
  }

  /** Called on the driver for each task that has ended, while others may still run. */
  private static final class OnEnd extends AbstractFunction2<Object, WorkerEnd, BoxedUnit> {
    private final CompletableFuture<String> mistake;

    OnEnd(CompletableFuture<String> mistake) {
      this.mistake = mistake;
    }

    @Override
    public BoxedUnit apply(Object partition, WorkerEnd end) {
      if (end.isMistake()) {
        mistake.complete("worker " + partition + ": " + end.mistake());
      }
      return BoxedUnit.UNIT;
    }
  }
}
