package dev.weir.coordinator;

import dev.weir.cli.Addresses;
import dev.weir.cli.Cli;
import dev.weir.cli.DoorOptions;
import dev.weir.cli.HealthOption;
import dev.weir.coordinator.journal.Journal;
import dev.weir.job.JobFile;
import dev.weir.problem.UserException;
import dev.weir.process.Compilation;
import dev.weir.process.Listening;
import dev.weir.tls.Credentials;
import dev.weir.wire.Door;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir coordinator}: serves one run to workers that dial in. */
@Command(
    name = "coordinator",
    description = "Serves one run: computes the mask, deals shards, adds, keeps the state.",
    mixinStandardHelpOptions = true)
public final class CoordinatorMain implements Callable<Integer> {
  private static final int POLL_MS = 100;

  /** As many pass so many messages that to optimize what passes them pays within minutes. */
  private static final int MANY_WORKERS = 16;

  @Option(
      names = "--run-dir",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder of the run; holds job.yaml, or --job is given; receives everything else.")
  private Path directory = Path.of("");

  @Option(
      names = "--job",
      paramLabel = "FILE",
      description =
          "The job to run. A folder that holds no run yet receives it as its job.yaml; in one that"
              + " does, it must be the same job. By default the folder's job.yaml.")
  private @Nullable Path jobFile;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "With --job: changes one key of the job. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--listen",
      defaultValue = "127.0.0.1:7070",
      paramLabel = "HOST:PORT",
      description = "Where workers dial in; port 0 is any free one. Default ${DEFAULT-VALUE}.")
  private String listen = "";

  @Option(
      names = "--await-workers",
      defaultValue = "1",
      paramLabel = "N",
      description = "Workers that must be ready before the first step. Default ${DEFAULT-VALUE}.")
  private int awaitWorkers;

  @Mixin private DoorOptions doorOptions = new DoorOptions();

  @Option(
      names = "--insecure",
      description = "Allows to listen without TLS where other machines can reach it.")
  private boolean insecure;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description =
          "Where to serve the dashboard, metrics and health; port 0 is any free one. Default:"
              + " nowhere.")
  private @Nullable String admin;

  @Mixin private HealthOption health = new HealthOption();

  @Option(
      names = "--resume",
      description = "Goes on at the last committed step; begins if there is none.")
  private boolean resume;

  @Option(
      names = "--standby",
      description =
          "Waits, ready to begin, while another coordinator serves this run, and takes over at the"
              + " last committed step when that one dies. Give it the same --listen.")
  private boolean standby;

  @Option(
      names = "--progress",
      defaultValue = "lines",
      description = "bar, lines or none. Default ${DEFAULT-VALUE}.")
  private ProgressStyle progress = ProgressStyle.LINES;

  /** Ends the process with the command's exit code. */
  public static void main(String[] arguments) {
    System.exit(Cli.run(new CoordinatorMain(), arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    InetSocketAddress address = Addresses.parse("--listen", listen);
    Credentials credentials = doorOptions.credentials();
    DoorOptions.requireLocked(address, credentials, insecure);
    Door door = new Door(doorOptions.token(), credentials);
    if (awaitWorkers < 1) {
      throw new UserException(
          "--await-workers", awaitWorkers + " is less than 1", "Wait for one worker at least.");
    }
    if (awaitWorkers < MANY_WORKERS) {
      Compilation.optimizeLoopsOnly();
    }
    RunDirectory run = runDirectory();
    if (!resume && !standby && Journal.exists(run.journal())) {
      throw new UserException(
          run.path().toString(),
          "holds a run that has begun already",
          "Go on with it by --resume, or choose another folder with --run-dir.");
    }
    Console console = new Console(progress, System.out);
    RunLock lock = standby ? takeOver(run, console) : RunLock.take(run);
    try {
      return standby && Summary.isOfFinished(run.summary())
          ? Cli.DONE
          : serve(run, address, door, console);
    } finally {
      lock.close();
    }
  }

  /** Waits until this coordinator is the one that serves the run. */
  private static RunLock takeOver(RunDirectory run, Console console) throws InterruptedException {
    while (!Rehearsal.isPossible(run)) {
      RunLock lock = RunLock.poll(run);
      if (lock != null) {
        return lock;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    Rehearsal.of(run);
    console.print(
        "standing by: another coordinator serves %s; this one takes over when it dies", run.path());
    return RunLock.await(run);
  }

  private int serve(RunDirectory run, InetSocketAddress address, Door door, Console console)
      throws InterruptedException {
    try (Coordinator coordinator =
        new Coordinator(
            run,
            address,
            door,
            admin == null ? null : Addresses.parse("--admin", admin),
            health,
            awaitWorkers,
            resume || standby,
            console)) {
      System.out.println(Listening.line(coordinator.address()));
      String dashboard = coordinator.dashboard();
      if (dashboard != null) {
        console.print("watch    %s", dashboard);
      }
      return coordinator.run() ? Cli.DONE : Cli.INTERNAL;
    }
  }

  private RunDirectory runDirectory() {
    if (jobFile != null) {
      return RunDirectory.of(directory, JobFile.load(jobFile, overrides));
    }
    if (!overrides.isEmpty()) {
      throw new UserException(
          "--set", "it changes a key of --job, which is not given", "Give both, or neither.");
    }
    return RunDirectory.existing(directory);
  }
}
