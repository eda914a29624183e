package dev.weir.worker;

import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.problem.UserException;
import dev.weir.task.Task;
import dev.weir.wire.Endpoint;
import dev.weir.worker.gradient.ShardGradients;
import dev.weir.worker.rpc.CoordinatorLink;
import dev.weir.worker.rpc.Instruction;
import dev.weir.worker.train.TrainingLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker from its first attempt to reach the coordinator to the end of the run. */
final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int HEARTBEATS_PER_TIMEOUT = 4;

  private final Endpoint coordinator;
  private final String name;
  private final int connectTimeoutSeconds;
  private final String device;

  Worker(Endpoint coordinator, String name, int connectTimeoutSeconds, String device) {
    this.coordinator = coordinator;
    this.name = name;
    this.connectTimeoutSeconds = connectTimeoutSeconds;
    this.device = device;
  }

  /**
   * Works until the run is over.
   *
   * @throws UserException if the coordinator cannot be reached, refuses this worker or goes away
   */
  void run() throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(connectTimeoutSeconds);
    while (true) {
      try (CoordinatorLink link = new CoordinatorLink(coordinator, name)) {
        Instruction first = link.next();
        if (first instanceof Instruction.Welcome welcome) {
          finish(work(link, welcome));
          return;
        }
        if (!(first instanceof Instruction.Broken broken)) {
          finish((Instruction.End) first);
          return;
        }
        requireTimeLeft(deadlineNs, broken);
      }
      LockSupport.parkNanos(RETRY_NS);
    }
  }

  private void requireTimeLeft(long deadlineNs, Instruction.Broken broken) {
    if (System.nanoTime() > deadlineNs) {
      throw new UserException(
          address(),
          "no coordinator was reached there within "
              + connectTimeoutSeconds
              + " s: "
              + broken.reason(),
          "Start the coordinator, check the address given to --coordinator and that no firewall lies"
              + " between, or wait longer with --connect-timeout.");
    }
  }

  private Instruction.End work(CoordinatorLink link, Instruction.Welcome welcome)
      throws InterruptedException {
    log.info("let in as worker {}", welcome.worker());
    Job job = JobFile.parse(welcome.job(), "the coordinator's job");
    link.beat(job.communication().failureTimeout().dividedBy(HEARTBEATS_PER_TIMEOUT));
    link.beat(job.communication().failureTimeout().dividedBy(HEARTBEATS_PER_TIMEOUT));
    Instruction second = link.next();
    if (!(second instanceof Instruction.Select select)) {
      return (Instruction.End) second;
    }
    try (Task task = Task.load(job, job.training().threads(), device)) {
      Mask mask = MaskCodec.decode(task.model().layout(), select.mask());
      checkDigests(welcome, task, mask);
      task.model().select(mask);
      log.info("training {} of {} parameters", mask.size(), task.model().layout().size());
      link.ready(welcome, mask.size());
      return new TrainingLoop(link, task.model(), gradients(task, mask), task.newState(mask)).run();
    }
  }

  private static ShardGradients gradients(Task task, Mask mask) {
    return new ShardGradients(
        task.model(), mask, task.shardBatches(), task.job().training().batchSize());
  }

  private void checkDigests(Instruction.Welcome welcome, Task task, Mask mask) {
    requireSame("model", welcome.modelDigest(), task.model().digest());
    requireSame("data", welcome.dataDigest(), task.dataset().digest());
    requireSame("mask", welcome.maskDigest(), mask.digest());
  }

  private void requireSame(String what, String theirs, String ours) {
    if (!theirs.equals(ours)) {
      throw new UserException(
          "this worker's " + what,
          String.format(
              "its digest is %s, but the coordinator at %s has %s", ours, address(), theirs),
          "Give both machines the same files and the same version of Weir.");
    }
  }

  private void finish(Instruction.End end) {
    if (end instanceof Instruction.Finish) {
      log.info("the run is over: {}", end.reason());
      return;
    }
    if (end instanceof Instruction.Rejected rejected) {
      throw new UserException(address(), rejected.reason(), rejected.remedy());
    }
    throw new UserException(
        address(),
        end instanceof Instruction.Refused
            ? "the coordinator refused this worker: " + end.reason()
            : "the coordinator went away: " + end.reason(),
        "Its own output says more; start this worker again once that is mended.");
  }

  private String address() {
    return coordinator.toString();
  }
}
