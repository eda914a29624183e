package dev.weir.bench.upkeep;

import dev.weir.job.Job;
import dev.weir.job.JobFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir bench upkeep}: what it costs, without faults, to be able to survive them. */
@Command(
    name = "upkeep",
    description = "Measures per step what only faults need: membership, journal, digests, contact.",
    mixinStandardHelpOptions = true)
public final class UpkeepCommand implements Callable<Integer> {
  private static final int SETTLE_MS = 20_000;

  @Parameters(paramLabel = "JOB.yaml", defaultValue = "jobs/minilm-grammar.yaml")
  private Path job = Path.of("");

  @Option(names = "--workers", defaultValue = "2", description = "Default ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--step-seconds",
      required = true,
      description = "Of one step of this job, as 'weir train' measured it.")
  private double stepSeconds;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long idle processes are watched. Default ${DEFAULT-VALUE}.")
  private int seconds;

  @Override
  public Integer call() throws Exception {
    Job parsed = JobFile.load(job, List.of());
    Path folder = Files.createTempDirectory("weir-upkeep");
    StepUpkeep.OfState state = StepUpkeep.ofState(parsed, folder.resolve("journal"));
    double membership = StepUpkeep.ofMembership(workers);
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("job.yaml"), parsed.toYaml());
    double[] contact = contact(run);
    System.out.printf(
        Locale.ROOT,
        "%d workers, a step of %.3f s%n%n| on | what | ms per step | of a step |%n|---|---|---|---|%n",
        workers,
        stepSeconds);
    row("coordinator", "journal: append the sums, make snapshots", state.keep());
    row("coordinator", "apply the update to its own state", state.commit());
    row("coordinator", "fingerprint of its state", state.digest());
    row("coordinator", "membership", membership);
    row("coordinator", "ticks and heartbeats, all threads", contact[0] * stepSeconds);
    double all =
        state.keep() + state.commit() + state.digest() + membership + contact[0] * stepSeconds;
    row("coordinator", "**together**", all);
    row("worker", "fingerprint of its state", state.digest());
    row("worker", "heartbeats, all threads", contact[1] * stepSeconds);
    row("worker", "**together**", state.digest() + contact[1] * stepSeconds);
    return 0;
  }

  private void row(String where, String what, double perStep) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.3f | %.3f %% |%n",
        where,
        what,
        1e3 * perStep,
        100 * perStep / stepSeconds);
  }

  /** Processor seconds per second of the coordinator and of a worker that only stay in touch. */
  private double[] contact(Path run) throws InterruptedException {
    try (IdleRun idle = new IdleRun(run, workers)) {
      idle.awaitReady();
      Thread.sleep(SETTLE_MS); // Until the compilers of both are done.
      Duration coordinator = idle.coordinatorTime();
      Duration worker = idle.workerTime();
      long beganNs = System.nanoTime();
      Thread.sleep(1_000L * seconds);
      double elapsed = (System.nanoTime() - beganNs) / 1e9;
      return new double[] {
        idle.coordinatorTime().minus(coordinator).toNanos() / 1e9 / elapsed,
        idle.workerTime().minus(worker).toNanos() / 1e9 / elapsed
      };
    }
  }
}
