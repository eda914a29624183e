package dev.weir.coordinator;

import dev.weir.cli.HealthOption;
import dev.weir.coordinator.Summary.Score;
import dev.weir.coordinator.journal.Journal;
import dev.weir.coordinator.membership.Rules;
import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.RunListeners;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.report.Report;
import dev.weir.coordinator.rpc.TrainingServer;
import dev.weir.job.FailureLimits;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.state.Delta;
import dev.weir.state.TrainingState;
import dev.weir.task.Task;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.WireBytes;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
  private final Lobby lobby;
  private final TrainingServer server;
  private final Observers observers;
  private volatile @Nullable StepLoop training;

  /** Why the steps are to end; used on the event loop. */
  private @Nullable String interruption;

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
    this.lobby = new Lobby(job.toYaml());
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
    Thread stop = new Thread(this::stop, "weir-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try (LoadedTask task = new LoadedTask(job)) {
      RunStart start = resume ? RunStart.goOn(directory, task) : RunStart.begin(directory, task);
      try (Journal journal = start.journal()) {
        return run(task, start, journal);
      }
    } catch (RuntimeException | Error e) {
      leaveReport("failed: " + e.getMessage());
      throw e;
    } finally {
      removeHook(stop);
    }
  }

  private boolean run(LoadedTask task, RunStart start, Journal journal)
      throws InterruptedException {
    try (RunReport report = new RunReport(directory, job, start, console, bytes);
        EventsFile events = new EventsFile(directory.events())) {
      report.start();
      RunListener run = observers.behind(new RunListeners(List.of(report, events)));
      run.begin(
          new RunFacts(
              job,
              start.foundation().data(),
              start.mask(),
              start.choice().seconds(),
              journal.state().step(),
              report.history()));
      Score before = baseScore(task, start, run);
      report.before(before);
      report.begin();
      Ending ending = train(task, start, run, report);
      LastWrites last = new LastWrites(ending.kind() == Ending.Kind.FINISHED, console);
      if (ending.kind() != Ending.Kind.FAILED) {
        last.write(journal::compact);
      }
      return finish(last, task, start, report, run, before, ending);
    }
  }

  /** Trains, with evaluations beside it if the job wants them. */
  private Ending train(LoadedTask task, RunStart start, RunListener run, RunReport report)
      throws InterruptedException {
    Journal journal = start.journal();
    TrainingEvaluations evaluations =
        new TrainingEvaluations(
            job,
            () -> task.of(start),
            journal.state(),
            report.history(),
            scored -> {
              report.during(scored);
              run.evaluated(scored);
            });
    evaluations.begin();
    boolean finished = false;
    try {
      RunListener all = new RunListeners(List.of(run, evaluations));
      Ending ending = train(start.prepared(job), journal, all);
      finished = ending.kind() == Ending.Kind.FINISHED;
      return ending;
    } finally {
      evaluations.end(finished);
    }
  }

  /** The model as it was before the first step. */
  private Score baseScore(LoadedTask loaded, RunStart start, RunListener run) {
    Score score = resume ? Score.read(directory.before()) : null;
    if (score == null) {
      // Of a run that goes on, only if it was killed before it had done that.
      score = RunReport.score(loaded.of(start).evaluate());
      score.write(directory.before());
    }
    run.evaluated(scored(0, score));
    return score;
  }

  private static Scored scored(long steps, Score score) {
    return new Scored(steps, score.accuracy(), score.mcc(), score.loss(), score.samples());
  }

  private Ending train(Prepared prepared, Journal journal, RunListener run)
      throws InterruptedException {
    if (journal.state().step() >= job.training().steps()) {
      return new Ending(Ending.Kind.FINISHED, "all steps were done already");
    }
    Rules rules = rules(prepared);
    StepLoop steps = new StepLoop(rules, prepared, new JournaledReplica(journal), bytes, run);
    training = steps;
    ScheduledExecutorService executor = loop.executor();
    executor.execute(() -> open(steps));
    long tickNs = rules.limits().tick().toNanos();
    ScheduledFuture<?> ticks =
        executor.scheduleAtFixedRate(steps::tick, tickNs, tickNs, TimeUnit.NANOSECONDS);
    try {
      return steps.ending().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the step loop failed", e.getCause());
    } finally {
      ticks.cancel(false);
    }
  }

  private void open(StepLoop steps) {
    lobby.open(steps);
    if (interruption != null) {
      steps.stop(interruption);
    }
  }

  /** Ends the steps, at once or as soon as they begin; {@link #run} goes on to its end. */
  void interrupt(String reason) {
    loop.executor()
        .execute(
            () -> {
              interruption = reason;
              StepLoop steps = training;
              if (steps != null) {
                steps.stop(reason);
              }
            });
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("already stopping", e);
    }
  }

  private Rules rules(Prepared prepared) {
    return new Rules(
        job.training().shards(),
        job.training().steps(),
        job.communication().everySteps(),
        job.communication().minWorkers(),
        awaitWorkers,
        resume,
        job.training().maxSkippedSteps(),
        MAX_ATTEMPTS,
        true,
        job.communication().topology(),
        prepared.costs(),
        new FailureLimits(job.communication().failureTimeout()));
  }

  /**
   * On Ctrl-C: ends the steps, then waits until this process has written what it has; before the
   * first step and after the last one, writes it from here.
   */
  private void stop() {
    if (training == null) {
      leaveReport("it was interrupted");
      return;
    }
    interrupt("it was interrupted");
    try {
      written.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean finish(
      LastWrites last,
      LoadedTask loaded,
      RunStart start,
      RunReport report,
      RunListener run,
      Score before,
      Ending ending)
      throws InterruptedException {
    TrainingState state = start.journal().state();
    Delta delta = Delta.of(job.toYaml(), start.foundation().modelDigest(), start.mask(), state);
    last.write(() -> delta.write(directory.delta()));
    boolean finished = ending.kind() == Ending.Kind.FINISHED;
    Score after = null;
    if (finished) {
      training = null; // From here on, nobody waits for what an interruption leaves.
      Task task = loaded.of(start);
      task.model().write(state.values());
      after = RunReport.score(task.evaluate());
      run.evaluated(scored(state.step(), after));
    }
    run.end((finished ? "" : ending.kind() + ": ").toLowerCase(Locale.ROOT) + ending.reason());
    Summary summary = report.summary(ending, state, before, after);
    last.write(() -> summary.write(directory.summary()));
    last.write(this::writeReport);
    report.end(summary, ending);
    written.countDown();
    return finished;
  }

  /** Where the run ended otherwise than by its last step. */
  private void leaveReport(String reason) {
    observers.end(reason);
    try {
      writeReport();
    } catch (UncheckedIOException e) {
      log.warn("there is no report", e);
    }
  }

  private synchronized void writeReport() {
    Report.write(directory.path(), observers.snapshot());
  }

  @Override
  public void close() {
    observers.close();
    server.close();
    loop.close();
  }
}
