package dev.weir.worker;

import dev.weir.cli.Addresses;
import dev.weir.cli.Cli;
import dev.weir.cli.DoorOptions;
import dev.weir.cli.HealthOption;
import dev.weir.problem.UserException;
import dev.weir.process.Compilation;
import dev.weir.wire.Endpoint;
import dev.weir.wire.HealthServer;
import dev.weir.worker.gradient.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir worker}: computes gradients for a coordinator. */
@Command(
    name = "worker",
    description = "Dials a coordinator and computes gradients for it until the run is over.",
    mixinStandardHelpOptions = true)
public final class WorkerMain implements Callable<Integer> {
  @Option(
      names = "--coordinator",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where the coordinator listens.")
  private String coordinator = "";

  @Mixin private DoorOptions doorOptions = new DoorOptions();

  @Option(
      names = "--name",
      description =
          "How messages shall name this worker; by default its process id, or in a container the"
              + " container's host name.")
  private String name = ownName();

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long to try to reach the coordinator, at first and, if that is more than 60 of the"
              + " job's failure timeouts, after it went away. Default ${DEFAULT-VALUE}.")
  private int connectTimeoutSeconds;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description =
          "Where to compute: cpu, gpu, gpu1 and so on. Results differ in their last bits between"
              + " kinds of devices, so give all workers of a run the same. Default"
              + " ${DEFAULT-VALUE}.")
  private String device = "";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where this machine has the files of the job's data, by the same names. By default they"
              + " are where the job says.")
  private @Nullable Path dataFolder;

  @Option(
      names = "--pace",
      paramLabel = "DURATION",
      defaultValue = "0ms",
      description =
          "For benchmarks: a shard takes at least so long, such as 200ms; the rest of the time is"
              + " slept. Default: as fast as possible.")
  private String pace = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where other workers reach this one, if communication.topology of the job is direct or auto;"
              + " port 0 is any free one. Default: any port of the address by which it reaches the"
              + " coordinator.")
  private @Nullable String listen;

  @Option(
      names = "--insecure",
      description = "Allows to listen without TLS where other machines can reach it.")
  private boolean insecure;

  @Mixin private HealthOption health = new HealthOption();

  /** The first process of a container has the same process id in all of them. */
  private static String ownName() {
    long pid = ProcessHandle.current().pid();
    String host = System.getenv("HOSTNAME");
    return pid == 1 && host != null ? host : "pid-" + pid;
  }

  /** Ends the process with the command's exit code. */
  public static void main(String[] arguments) {
    System.exit(Cli.run(new WorkerMain(), arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    Compilation.optimizeLoopsOnly();
    if (connectTimeoutSeconds < 0) {
      throw new UserException(
          "--connect-timeout",
          connectTimeoutSeconds + " is less than 0",
          "Give the seconds to try for; 0 tries once.");
    }
    Endpoint endpoint =
        new Endpoint(
            Addresses.parseUnresolved("--coordinator", coordinator),
            doorOptions.token(),
            doorOptions.credentials());
    Worker worker =
        new Worker(
            endpoint,
            name,
            connectTimeoutSeconds,
            device,
            dataFolder,
            new Pace(paceOfShards()),
            new Serving(endpoint, listen, insecure));
    Runtime.getRuntime().addShutdownHook(new Thread(worker::leave, "weir-leave"));
    HealthServer probes = health.serve(worker::isAlive, worker::isReady);
    try {
      return worker.run() ? Cli.DONE : Cli.RUN_FAILED;
    } finally {
      if (probes != null) {
        probes.close();
      }
    }
  }

  private Duration paceOfShards() {
    if (!pace.matches("\\d{1,6}ms")) {
      throw new UserException(
          "--pace", "'" + pace + "' is not a number of milliseconds", "Give one such as 200ms.");
    }
    return Duration.ofMillis(Long.parseLong(pace.substring(0, pace.length() - 2)));
  }
}
