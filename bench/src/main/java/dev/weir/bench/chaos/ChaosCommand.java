package dev.weir.bench.chaos;

import dev.weir.bench.chaos.ChaosReport.Setting;
import dev.weir.bench.machine.Cleanup;
import dev.weir.bench.machine.Stalls;
import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench chaos}: the same run twice, undisturbed and under faults. */
@Command(
    name = "chaos",
    description =
        "Runs a small job twice, undisturbed and with faults by a seeded plan, and compares them.",
    mixinStandardHelpOptions = true)
public final class ChaosCommand implements Callable<Integer> {
  private static final long LEAD_MS = 3_000;
  private static final long TAIL_MS = 8_000;
  private static final int POLL_MS = 20;

  private final Cleanup cleanup = new Cleanup();

  @Option(names = "--workers", defaultValue = "16", description = "Default ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--spares",
      defaultValue = "2",
      description = "How many workers a step can do without. Default ${DEFAULT-VALUE}.")
  private int spares;

  @Option(
      names = "--shards-each",
      paramLabel = "N",
      defaultValue = "2",
      description = "Shards per step for each worker that is not spare. Default ${DEFAULT-VALUE}.")
  private int shardsEach;

  @Option(
      names = "--minutes",
      defaultValue = "10",
      description = "How long each run takes at least. Default ${DEFAULT-VALUE}.")
  private double minutes;

  @Option(names = "--faults", defaultValue = "60", description = "Default ${DEFAULT-VALUE}.")
  private int faults;

  @Option(
      names = "--coordinator-faults",
      defaultValue = "5",
      description = "How many of the faults hit the coordinator. Default ${DEFAULT-VALUE}.")
  private int coordinatorFaults;

  @Option(names = "--seed", defaultValue = "1", description = "Default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--pace",
      paramLabel = "MS",
      defaultValue = "200",
      description = "Least milliseconds of a shard. Default ${DEFAULT-VALUE}.")
  private int paceMs;

  @Option(
      names = "--standby",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether a second coordinator waits to take over; on by default.")
  private boolean standby;

  @Option(
      names = "--limits",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether to fail if something is noticed or made good later than it should; on by"
              + " default.")
  private boolean limits;

  @Option(
      names = "--least-goodput",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Fail below it. Default ${DEFAULT-VALUE}.")
  private double leastGoodput;

  @Option(names = "--out", paramLabel = "FILE", description = "Where to write the report too.")
  private @Nullable Path out;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where to leave both runs; by default a temporary folder.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws Exception {
    if (workers < 1
        || spares < 0
        || spares >= workers
        || shardsEach < 1
        || coordinatorFaults > faults
        || paceMs < 1) {
      throw new UserException(
          "weir bench chaos",
          String.format(
              "%d workers with %d spares, %d shards each, %d faults of which %d of the coordinator,"
                  + " pace %d ms",
              workers, spares, shardsEach, faults, coordinatorFaults, paceMs),
          "There must be more workers than spares, shards, no more faults of the coordinator than"
              + " faults, and a pace.");
    }
    Path base = folder == null ? Files.createTempDirectory("weir-chaos") : folder;
    long steps = Math.max(1, Math.round(minutes * 60_000 / (paceMs * shardsEach)));
    WeirJvm jvm = new WeirJvm(base.toAbsolutePath(), randomToken());
    warmUp(jvm, base);
    Path job = base.toAbsolutePath().resolve("job");
    ChaosJob.write(job, shards(), steps);
    try (Stalls stalls = new Stalls()) {
      say("undisturbed: %d workers, %d steps; logs in %s", workers, steps, base);
      RunRecord calm = undisturbed(jvm, job, base.resolve("calm"), stalls);
      say("undisturbed: %.3f steps/s for %.1f s", calm.stepsPerSecond(), calm.seconds());
      return disturbed(jvm, job, base.resolve("stormy"), stalls, calm, steps);
    }
  }

  private int shards() {
    return (workers - spares) * shardsEach;
  }

  private static String randomToken() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }

  /**
   * A run of one step; what it loads is archived, which makes the processes to come start faster.
   */
  private void warmUp(WeirJvm jvm, Path base) throws InterruptedException {
    Path job = base.toAbsolutePath().resolve("warm-up-job");
    ChaosJob.write(job, 1, 3);
    try (Cluster cluster =
        cleanup.add(new Cluster(jvm, job, base.toAbsolutePath().resolve("warm-up"), 1, 1, false))) {
      requireDone(cluster.awaitEnd(), cluster);
      cluster.slots().get(0).process.waitFor();
    }
  }

  private RunRecord undisturbed(WeirJvm jvm, Path job, Path run, Stalls stalls)
      throws InterruptedException {
    try (Cluster cluster =
        cleanup.add(new Cluster(jvm, job, run.toAbsolutePath(), workers, paceMs, false))) {
      requireDone(cluster.awaitEnd(), cluster);
    }
    return RunRecord.of(run, stalls);
  }

  private static void requireDone(int exitCode, Cluster cluster) {
    if (exitCode != Cli.DONE) {
      throw new UserException(
          cluster.folder().toString(),
          "the coordinator ended with exit code " + exitCode,
          "Read logs/coordinator.log there.");
    }
  }

  private int disturbed(WeirJvm jvm, Path job, Path run, Stalls stalls, RunRecord calm, long steps)
      throws InterruptedException {
    Plan plan =
        Plan.of(
            seed,
            workers,
            faults,
            coordinatorFaults,
            LEAD_MS,
            Math.max(LEAD_MS + 1, Math.round(calm.seconds() * 1_000) - TAIL_MS));
    try (Cluster cluster =
            cleanup.add(new Cluster(jvm, job, run.toAbsolutePath(), workers, paceMs, standby));
        Injector injector = new Injector(cluster)) {
      while (cluster.steps() == 0 && cluster.isCoordinatorAlive()) {
        Thread.sleep(POLL_MS);
      }
      say("with faults: seed %d, %d faults", seed, faults);
      cluster.startStandby();
      injector.start(plan);
      requireDone(injector.awaitEnd(), cluster);
      RunRecord stormy = RunRecord.of(run, stalls);
      return report(calm, stormy, injector, steps);
    }
  }

  private int report(RunRecord calm, RunRecord stormy, Injector injector, long steps) {
    List<Outcome> outcomes =
        Stream.of(FaultType.values())
            .map(type -> Outcome.of(type, injector.injected(), stormy))
            .filter(outcome -> outcome.faults() > 0)
            .toList();
    ChaosReport report =
        new ChaosReport(
            setting(steps), calm, stormy, outcomes, stormy.unexpected(injector.injected()));
    String markdown = report.markdown();
    say("%s", markdown);
    if (out != null) {
      write(out, markdown);
    }
    List<String> broken = new ArrayList<>(injector.problems());
    if (!report.isDigestEqual()) {
      broken.add("the final digest is not that of the undisturbed run");
    }
    if (limits) {
      broken.addAll(report.late());
    }
    if (report.faults() < faults) {
      broken.add(report.faults() + " faults were made of " + faults);
    }
    if (stormy.steps() != steps) {
      broken.add("the run with faults did " + stormy.steps() + " steps of " + steps);
    }
    if (100 * report.goodput() < leastGoodput) {
      broken.add("goodput is below " + leastGoodput + " %");
    }
    broken.forEach(limit -> say("BROKEN: %s", limit));
    return broken.isEmpty() ? Cli.DONE : Cli.INTERNAL;
  }

  private Setting setting(long steps) {
    String machine =
        String.format(
            Locale.ROOT,
            "one machine (Linux %s, %d cores, Java %s)",
            System.getProperty("os.version"),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"));
    String command =
        String.format(
            Locale.ROOT,
            "./weir bench chaos --workers %d --spares %d --shards-each %d --minutes %s --faults %d"
                + " --coordinator-faults %d --seed %d --pace %d%s",
            workers,
            spares,
            shardsEach,
            minutes == Math.rint(minutes)
                ? String.valueOf((long) minutes)
                : String.valueOf(minutes),
            faults,
            coordinatorFaults,
            seed,
            paceMs,
            standby ? "" : " --no-standby");
    return new Setting(command, workers, spares, shards(), paceMs, steps, seed, standby, machine);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
