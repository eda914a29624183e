package dev.weir.local;

import dev.weir.cli.Cli;
import dev.weir.coordinator.RunDirectory;
import dev.weir.job.Job;
import dev.weir.problem.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir train}: a coordinator and some workers on this machine. */
@Command(
    name = "train",
    description = "Trains a job on this machine: a coordinator and some workers, each a process.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Mixin private JobOptions jobOptions = new JobOptions();

  @Option(
      names = "--workers",
      defaultValue = "2",
      description = "Worker processes; by default ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "Where the run's files go; by default runs/NAME, with a number if that exists.")
  private @Nullable Path runDirectory;

  @Option(
      names = "--resume",
      paramLabel = "RUN_DIR",
      description = "Goes on with a run that was stopped, at the last committed step.")
  private @Nullable Path resume;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Port of the coordinator on the loopback address; by default any free one.")
  private int port;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      description =
          "Where to serve the dashboard, metrics and health, or 'off'; by default any free port on"
              + " the loopback address.")
  private String admin = "";

  @Option(names = "--quiet", description = "Prints only the end of the run.")
  private boolean quiet;

  @Override
  public Integer call() throws InterruptedException {
    if (workers < 1 || workers > 1024) {
      throw new UserException(
          "--workers", workers + " is not between 1 and 1024", "Start at least one worker.");
    }
    RunDirectory directory = resume == null ? begin() : resume(resume);
    int exitCode = new LocalRun(directory, workers, port, admin, resume != null, quiet).run();
    if (exitCode == Cli.USAGE && resume == null) {
      directory.deleteUnlessBegun();
    }
    return exitCode;
  }

  private RunDirectory begin() {
    Job job = jobOptions.load();
    return RunDirectory.begin(runDirectory == null ? freshPath(job.name()) : runDirectory, job);
  }

  private RunDirectory resume(Path path) {
    if (jobOptions.isGiven() || runDirectory != null) {
      throw new UserException(
          "--resume",
          "a run goes on with its own job in its own folder, but a job, --set or --run-dir was"
              + " given",
          "Leave them out, or start a new run without --resume.");
    }
    return RunDirectory.existing(path);
  }

  private static Path freshPath(String name) {
    Path path = Path.of("runs", name);
    for (int number = 2; Files.exists(path); number++) {
      path = Path.of("runs", name + "-" + number);
    }
    return path;
  }
}
