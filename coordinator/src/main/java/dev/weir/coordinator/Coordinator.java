package dev.weir.coordinator;

import dev.weir.cli.HealthOption;
import dev.weir.coordinator.Summary.Score;
import dev.weir.coordinator.journal.Journal;
import dev.weir.coordinator.membership.Rules;
import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.report.Report;
import dev.weir.coordinator.rpc.Door;
import dev.weir.coordinator.rpc.TrainingServer;
import dev.weir.evaluation.Evaluation;
import dev.weir.job.FailureLimits;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.mask.Mask;
import dev.weir.state.Delta;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import dev.weir.wire.EventLoop;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run, from its first line to its last: choose the mask, evaluate, serve steps to workers until
 * all are done, evaluate, write the delta and the summary.
 *
 * <p>It listens from the start, so that a port in use is reported at once; workers that dial in
 * early are let in when the mask is there. Preparing and evaluating use this thread, everything
 * about steps the event loop.
 */
final class Coordinator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Coordinator.class);
  private static final int MAX_ATTEMPTS = 12;
  private static final int STOP_SECONDS = 20;
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);

  private final RunDirectory directory;
  private final int awaitWorkers;
  private final boolean resume;
  private final Console console;
  private final Job job;
  private final EventLoop loop = new EventLoop("weir-coordinator");
  private final WireBytes bytes = new WireBytes();
  private final Lobby lobby = new Lobby();
  private final TrainingServer server;
  private final Observers observers;
  private float[] initialValues = new float[0];
  private final CountDownLatch written = new CountDownLatch(1);

  Coordinator(
      RunDirectory directory,
      InetSocketAddress address,
      Door door,
      @Nullable InetSocketAddress admin,
      HealthOption health,
      int awaitWorkers,
      boolean resume,
      Console console) {
    this.directory = directory;
    this.awaitWorkers = awaitWorkers;
    // Killed before its first snapshot, a run has nothing to go on with: it begins again.
    this.resume = resume && Journal.exists(directory.journal());
    this.console = console;
    this.job = JobFile.parse(RunDirectory.read(directory.job()), directory.job().toString());
    if (this.resume) {
      directory.requireBegunWith(job);
    }
    this.server = new TrainingServer(address, door, loop, bytes, lobby);
    this.observers =
        new Observers(
            job.toYaml(), admin, door.token(), () -> loop.answers(ANSWER_PATIENCE), health);
  }

  /** Where workers dial in. */
  String address() {
    return server.address();
  }

  /** Where the dashboard is, or null if there is none. */
  @Nullable String dashboard() {
    return observers.url();
  }

  /** Runs to the end; false if the training could not go on. */
  boolean run() throws InterruptedException {
    try (Task task = Task.load(job, job.method().threads(), "cpu")) {
      MaskChoice choice = chooseMask(task);
      Journal journal = journal(task, choice.mask());
      TrainingState state = journal.state();
      try (RunReport report =
          new RunReport(directory, task, choice, state.step(), console, bytes)) {
        report.start();
        RunListener run = observers.behind(report);
        run.begin(
            new RunFacts(
                job, task.dataset().summary(), choice.mask(), choice.seconds(), state.step()));
        Score before = baseScore(task, state, run);
        report.before(before);
        report.begin();
        Ending ending = train(Prepared.of(task, choice.mask()), journal, run);
        LastWrites last = new LastWrites(ending.kind() == Ending.Kind.FINISHED, console);
        if (ending.kind() != Ending.Kind.FAILED) {
          last.write(journal::compact);
        }
        return finish(last, task, choice.mask(), state, report, run, before, ending);
      } finally {
        journal.close();
      }
    }
  }

  private MaskChoice chooseMask(Task task) {
    if (resume) {
      return MaskChoice.read(task.model().layout(), directory.mask());
    }
    MaskChoice choice = MaskChoice.of(task);
    choice.write(directory.mask());
    return choice;
  }

  private Journal journal(Task task, Mask mask) {
    TrainingState initial = task.newState(mask);
    initialValues = initial.values().clone();
    if (resume) {
      return Journal.resume(directory.journal(), initial.rule());
    }
    Journal journal = Journal.create(directory.journal(), initial);
    directory.begunWith(job);
    return journal;
  }

  /** The model as it was before the first step. */
  private Score baseScore(Task task, TrainingState state, RunListener run) {
    Score score = resume ? Score.read(directory.before()) : null;
    if (score == null) {
      task.model().write(initialValues);
      score = evaluate(task, 0, run);
      score.write(directory.before());
    }
    task.model().write(state.values());
    return score;
  }

  private static Score evaluate(Task task, long steps, RunListener run) {
    Evaluation evaluation = task.evaluate();
    run.evaluated(steps, evaluation);
    return RunReport.score(evaluation);
  }

  private Ending train(Prepared prepared, Journal journal, RunListener run)
      throws InterruptedException {
    if (journal.state().step() >= job.training().steps()) {
      return new Ending(Ending.Kind.FINISHED, "all steps were done already");
    }
    StepLoop steps = new StepLoop(rules(), prepared, journal, bytes, run);
    Thread stop = new Thread(() -> stop(steps), "weir-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    ScheduledExecutorService executor = loop.executor();
    executor.execute(() -> lobby.open(steps));
    long tickNs = rules().limits().tick().toNanos();
    ScheduledFuture<?> ticks =
        executor.scheduleAtFixedRate(steps::tick, tickNs, tickNs, TimeUnit.NANOSECONDS);
    try {
      return steps.ending().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the step loop failed", e.getCause());
    } finally {
      ticks.cancel(false);
      removeHook(stop);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("already stopping", e);
    }
  }

  private Rules rules() {
    return new Rules(
        job.training().shards(),
        job.training().steps(),
        job.communication().minWorkers(),
        resume ? job.communication().minWorkers() : awaitWorkers,
        job.training().maxSkippedSteps(),
        MAX_ATTEMPTS,
        new FailureLimits(job.communication().failureTimeout()));
  }

  /** On Ctrl-C: ends the steps, then waits until this process has written what it has. */
  private void stop(StepLoop steps) {
    loop.executor().execute(() -> steps.stop("it was interrupted"));
    try {
      written.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean finish(
      LastWrites last,
      Task task,
      Mask mask,
      TrainingState state,
      RunReport report,
      RunListener run,
      Score before,
      Ending ending)
      throws InterruptedException {
    Delta delta = Delta.of(task.job().toYaml(), task.model().digest(), mask, state);
    last.write(() -> delta.write(directory.delta()));
    task.model().write(state.values());
    boolean finished = ending.kind() == Ending.Kind.FINISHED;
    Score after = finished ? evaluate(task, state.step(), run) : null;
    run.end(ending.reason());
    Summary summary = report.summary(ending, state, before, after);
    last.write(() -> summary.write(directory.summary()));
    last.write(() -> Report.write(directory.path(), observers.snapshot()));
    report.end(summary, ending);
    written.countDown();
    return finished;
  }

  @Override
  public void close() {
    observers.close();
    server.close();
    loop.close();
  }
}
