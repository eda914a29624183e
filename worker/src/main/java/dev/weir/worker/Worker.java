package dev.weir.worker;

import dev.weir.job.FailureLimits;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.problem.UserException;
import dev.weir.task.Task;
import dev.weir.wire.Endpoint;
import dev.weir.worker.gradient.Pace;
import dev.weir.worker.rpc.CoordinatorLink;
import dev.weir.worker.rpc.Instruction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker from its first attempt to reach the coordinator to the end of the run. */
final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** Until the first Welcome tells the job's. */
  private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(2);

  /** How long to finish what is being computed, once this process is told to stop. */
  private static final int LEAVE_SECONDS = 10;

  private final Endpoint coordinator;
  private final String name;
  private final int connectTimeoutSeconds;
  private final String device;
  private final @Nullable Path dataFolder;
  private final Pace pace;
  private final Serving serving;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean told;
  private long leftNs;
  private FailureLimits limits = new FailureLimits(FIRST_TIMEOUT);
  private boolean letIn;
  private boolean waits;
  private volatile @Nullable CoordinatorLink current;
  private volatile boolean ready;
  private long deadlineSeconds;
  private @Nullable Loaded loaded;
  private @Nullable Prepared prepared;

  /** Model and data of a job, in YAML, whose mask is yet to come. */
  private record Prepared(String job, Task task) {}

  /**
   * @param dataFolder where this machine has the files of the job's data; null for where the job
   *     says
   * @param pace how long a shard takes at least
   * @param serving where it serves other workers, if the job wants that
   */
  Worker(
      Endpoint coordinator,
      String name,
      int connectTimeoutSeconds,
      String device,
      @Nullable Path dataFolder,
      Pace pace,
      Serving serving) {
    this.pace = pace;
    this.serving = serving;
    this.coordinator = coordinator;
    this.name = name;
    this.connectTimeoutSeconds = connectTimeoutSeconds;
    this.deadlineSeconds = connectTimeoutSeconds;
    this.device = device;
    this.dataFolder = dataFolder;
  }

  /**
   * Works until the run is over, dialling in again whenever the stream breaks. What was loaded
   * stays loaded as long as the coordinator's job is the same.
   *
   * @return whether all steps of the run were done; false if it failed
   * @throws UserException if the coordinator cannot be reached or refuses this worker
   */
  boolean run() throws InterruptedException {
    try {
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(connectTimeoutSeconds);
      while (true) {
        Instruction.End end = session();
        if (told || !(end instanceof Instruction.Broken broken)) {
          return finish(end);
        }
        if (letIn) {
          letIn = false;
          waits = true;
          leftNs = System.nanoTime();
          log.warn("the coordinator is gone, {}: {}; dialling again", progress(), broken.reason());
          deadlineSeconds = Math.max(connectTimeoutSeconds, limits.reconnect().toSeconds());
          deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(deadlineSeconds);
        } else {
          requireTimeLeft(deadlineNs, broken);
          sayOnce(broken);
        }
        LockSupport.parkNanos(limits.retry().toNanos());
      }
    } finally {
      over.countDown();
      unload();
    }
  }

  /** Leaves the run in order; for the thread that ends this process. */
  void leave() {
    told = true;
    CoordinatorLink link = current;
    if (link == null || !ready) {
      return;
    }
    link.tellToLeave("it was told to stop");
    try {
      over.await(LEAVE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String progress() {
    Loaded ours = loaded;
    return ours == null ? "before the first step of " + name : name + " is at step " + ours.step();
  }

  private void sayOnce(Instruction.Broken broken) {
    if (!waits) {
      waits = true;
      log.warn(
          "no coordinator at {} yet: {}; trying for {} s",
          address(),
          broken.reason(),
          deadlineSeconds);
    }
  }

  /** One stream, from dialling in to its end. */
  private Instruction.End session() throws InterruptedException {
    Endpoint endpoint = coordinator.lookedUp();
    if (endpoint.address().isUnresolved()) {
      return new Instruction.Broken(
          "the name '"
              + endpoint.address().getHostString()
              + "' is not known to this machine's resolver");
    }
    String mask = loaded == null ? "" : loaded.mask().digest();
    try (CoordinatorLink link = new CoordinatorLink(endpoint, name, mask)) {
      current = link;
      Instruction first = link.next();
      if (first instanceof Instruction.Prepare prepare) {
        prepare(prepare.job());
        first = link.next();
      }
      return first instanceof Instruction.Welcome welcome
          ? work(link, welcome)
          : (Instruction.End) first;
    } finally {
      ready = false;
    }
  }

  /** Whether the thread that talks to the coordinator answers. Blocks for a moment. */
  boolean isAlive() {
    CoordinatorLink link = current;
    return link == null || link.isAlive();
  }

  /** Whether it has loaded what it needs and takes part in the run. */
  boolean isReady() {
    return ready;
  }

  private void requireTimeLeft(long deadlineNs, Instruction.Broken broken) {
    if (System.nanoTime() > deadlineNs) {
      throw new UserException(
          address(),
          "no coordinator was reached there within "
              + deadlineSeconds
              + " s"
              + (loaded == null
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      " (%s, and it went away %.0f s ago)",
                      progress(),
                      (System.nanoTime() - leftNs) / 1e9))
              + ": "
              + broken.reason(),
          "Start the coordinator, check the address given to --coordinator and that no firewall"
              + " lies between, or wait longer with --connect-timeout.");
    }
  }

  private Instruction.End work(CoordinatorLink link, Instruction.Welcome welcome)
      throws InterruptedException {
    log.info("let in as worker {}", welcome.worker());
    Job job =
        loaded != null && loaded.isOf(welcome)
            ? loaded.task().job()
            : JobFile.parse(welcome.job(), "the coordinator's job");
    takePartIn(job);
    link.beat(limits);
    byte[] mask;
    if (loaded != null && loaded.mask().digest().equals(welcome.maskDigest())) {
      mask = loaded.encodedMask(); // As it has told the coordinator, which does not send it then.
    } else {
      Instruction second = link.next();
      if (!(second instanceof Instruction.Select select)) {
        return (Instruction.End) second;
      }
      mask = select.mask();
    }
    Loaded ours = load(welcome, job, mask);
    checkDigests(welcome, ours);
    ours.ready(link, welcome, serving);
    ready = true;
    Instruction.End end = ours.train(link);
    if (end instanceof Instruction.Leave leave) {
      link.leave(leave.reason());
    }
    return end;
  }

  /** From now on, a stream that breaks is that of a coordinator which is expected back. */
  private void takePartIn(Job job) {
    letIn = true;
    limits = new FailureLimits(job.communication().failureTimeout());
  }

  private Loaded load(Instruction.Welcome welcome, Job job, byte[] mask) {
    Loaded ours = loaded;
    if (ours == null || !ours.isOf(welcome)) {
      Task task = takePrepared(welcome.job());
      unload();
      if (task == null) {
        task = load(job);
      }
      String sender = "the mask that the coordinator at " + address() + " sent";
      ours = new Loaded(welcome.job(), task, mask, sender, pace);
      loaded = ours;
      log.info("training {} of {} parameters", ours.mask().size(), task.model().layout().size());
    }
    return ours;
  }

  /** Loads what a job needs that has no mask yet, unless it is there already. */
  private void prepare(String yaml) {
    Job job = JobFile.parse(yaml, "the coordinator's job");
    takePartIn(job);
    boolean isThere = loaded != null && loaded.isOf(yaml);
    if (!isThere && (prepared == null || !prepared.job().equals(yaml))) {
      log.info("loading model and data while the coordinator at {} chooses the mask", address());
      unload();
      prepared = new Prepared(yaml, load(job));
    }
  }

  private Task load(Job job) {
    Job here = dataFolder == null ? job : job.withDataIn(dataFolder);
    return Task.load(here, job.training().threads(), device);
  }

  private @Nullable Task takePrepared(String job) {
    Prepared ours = prepared;
    if (ours == null || !ours.job().equals(job)) {
      return null;
    }
    prepared = null;
    return ours.task();
  }

  private void unload() {
    if (prepared != null) {
      prepared.task().close();
      prepared = null;
    }
    if (loaded != null) {
      loaded.close();
      loaded = null;
    }
  }

  private void checkDigests(Instruction.Welcome welcome, Loaded ours) {
    requireSame("model", welcome.modelDigest(), ours.task().model().digest());
    requireSame("data", welcome.dataDigest(), ours.task().dataset().digest());
    requireSame("mask", welcome.maskDigest(), ours.mask().digest());
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

  private boolean finish(Instruction.End end) {
    if (end instanceof Instruction.Finish) {
      log.info("the run is over: {}", end.reason());
      return true;
    }
    if (end instanceof Instruction.Failed) {
      log.error("the coordinator at {} says that the run failed: {}", address(), end.reason());
      return false;
    }
    if (told) {
      log.info("left the run, {}", progress());
      return true;
    }
    if (end instanceof Instruction.Rejected rejected) {
      throw new UserException(coordinator.describe(), rejected.reason(), rejected.remedy());
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
