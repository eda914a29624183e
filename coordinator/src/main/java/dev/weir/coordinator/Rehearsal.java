package dev.weir.coordinator;

import dev.weir.cli.Addresses;
import dev.weir.cli.HealthOption;
import dev.weir.cli.JoinToken;
import dev.weir.coordinator.journal.Journal;
import dev.weir.coordinator.rpc.PracticeWorker;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.state.TrainingState;
import dev.weir.task.UpdateRules;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What a waiting coordinator does beforehand: it takes over a copy of the run, on a port of its own
 * and with a worker that only pretends to compute. So it finds out while there is time whether the
 * run can be taken over from what is on its disk; and when it has to, all of its own code is loaded
 * and has run, which saves the workers about a second of waiting.
 */
final class Rehearsal {
  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

  /** Enough for what happens at each step to be compiled. */
  private static final int STEPS = 50;

  /** All steps together exchange about so many values at most. */
  private static final int VALUES = 4_000_000;

  private static final int PATIENCE_SECONDS = 20;
  private static final int TRIES = 3;

  /** Of a run with a larger journal, the copy would take more than it gives. */
  private static final long MAX_BYTES = 256L << 20;

  private Rehearsal() {}

  /** Whether a run has come so far that it can be copied and taken over. */
  static boolean isPossible(RunDirectory run) {
    return Journal.exists(run.journal()) && Files.exists(run.before());
  }

  /** Rehearses; if that fails, which is told by false, the log says why. */
  static boolean of(RunDirectory run) throws InterruptedException {
    // The files may change while they are copied, so that a copy is not whole.
    for (int tries = 1; tries <= TRIES; tries++) {
      try {
        RunDirectory scratch = new RunDirectory(Files.createTempDirectory("weir-rehearsal"));
        try {
          rehearse(run, scratch);
          return true;
        } finally {
          scratch.delete();
        }
      } catch (IOException | RuntimeException e) {
        log.atLevel(tries < TRIES ? Level.DEBUG : Level.WARN)
            .log(
                "taking {} over could not be rehearsed on a copy of it: {}",
                run.path(),
                e.toString());
      }
    }
    return false;
  }

  private static void rehearse(RunDirectory run, RunDirectory scratch)
      throws IOException, InterruptedException {
    // An evaluation would need the model, and its time.
    Job job = JobFile.load(run.job(), List.of("training.evaluateEvery=0"));
    if (bytes(run.journal()) > MAX_BYTES) {
      return;
    }
    RunDirectory copy = RunDirectory.of(scratch.path(), job);
    Files.copy(run.foundation(), copy.foundation());
    Files.copy(run.mask(), copy.mask());
    Files.copy(run.before(), copy.before());
    Files.createDirectories(copy.journal());
    for (Path file : files(run.journal())) {
      Files.copy(file, copy.journal().resolve(file.getFileName()));
    }
    copy.begunWith(job);
    TrainingState state = state(job, copy);
    // The last round is left undone: after it the model would be evaluated.
    long left = job.training().steps() - job.communication().everySteps() - state.step();
    int steps = (int) Math.min(left, Math.min(STEPS, Math.max(2, VALUES / state.size())));
    if (steps > 0) {
      perform(copy, job, state, steps);
    }
  }

  private static TrainingState state(Job job, RunDirectory copy) throws IOException {
    Foundation foundation = Foundation.read(copy.foundation());
    if (foundation == null) {
      throw new IOException(copy.foundation().getFileName() + " is not whole");
    }
    MaskChoice choice = MaskChoice.read(foundation.layout(), copy.mask());
    try (Journal journal = Journal.resume(copy.journal(), UpdateRules.of(job, choice.mask()))) {
      return journal.state();
    }
  }

  private static void perform(RunDirectory copy, Job job, TrainingState state, int steps)
      throws InterruptedException {
    String token = JoinToken.random();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Console nobody =
        new Console(ProgressStyle.LINES, new PrintStream(PrintStream.nullOutputStream()));
    try (Coordinator coordinator =
        new Coordinator(
            copy, address, new Door(token, null), null, new HealthOption(), 1, true, nobody)) {
      Endpoint endpoint =
          new Endpoint(Addresses.parse("rehearsal", coordinator.address()), token, null);
      try (PracticeWorker worker =
          new PracticeWorker(endpoint, state, job.communication().precision().format(), steps)) {
        CompletableFuture<Long> done =
            worker
                .done()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((step, problem) -> coordinator.interrupt("the rehearsal is over"));
        coordinator.run();
        done.join();
      }
    }
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith("job.yaml")).toList();
    }
  }
}
