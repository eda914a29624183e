package dev.weir.local.doctor;

import dev.weir.cli.Addresses;
import dev.weir.cli.Cli;
import dev.weir.cli.DoorOptions;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.problem.UserException;
import dev.weir.proto.Echo;
import dev.weir.tls.Credentials;
import dev.weir.wire.Endpoint;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir doctor}: what would keep this machine from taking part in a run, and what to do. */
@Command(
    name = "doctor",
    description =
        "Looks for what would keep this machine from taking part in a run. Give a job file on the"
            + " coordinator's machine, --coordinator on a worker's.",
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "JOB",
      description = "A job whose model and data shall be loaded.")
  private @Nullable Path jobFile;

  @Option(
      names = "--coordinator",
      paramLabel = "HOST:PORT",
      description = "The coordinator to reach; it is asked and not joined.")
  private @Nullable String coordinator;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where this machine has the files of the job's data, as given to 'weir worker'.")
  private @Nullable Path dataFolder;

  @Mixin private DoorOptions door = new DoorOptions();

  private final Findings findings = new Findings(System.out);

  @Override
  public Integer call() throws InterruptedException {
    if (coordinator == null && jobFile == null) {
      throw new UserException(
          "weir doctor",
          "neither a job file nor --coordinator is given",
          "Give a job file on the coordinator's machine, --coordinator HOST:PORT on a worker's.");
    }
    new MachineChecks(findings).run();
    if (jobFile != null) {
      checkJob(jobFile);
    }
    if (coordinator != null) {
      checkCoordinator(coordinator);
    }
    return findings.wrong() == 0 ? Cli.DONE : Cli.USAGE;
  }

  private void checkJob(Path file) {
    try {
      Job job = JobFile.load(file, List.of());
      findings.good("job", file + " is well formed");
      new FileChecks(findings).run(job, "", "");
    } catch (UserException e) {
      findings.wrong("job", e);
    }
  }

  private void checkCoordinator(String where) throws InterruptedException {
    NetworkChecks network = new NetworkChecks(findings);
    try {
      InetSocketAddress named = Addresses.parseUnresolved("--coordinator", where);
      if (!network.name(named)) {
        return;
      }
      InetSocketAddress address = Addresses.parse("--coordinator", where);
      if (!network.port(address)) {
        return;
      }
      Credentials credentials = door.credentials();
      if (!network.tls(address, credentials)) {
        return;
      }
      Echo echo = network.echo(new Endpoint(address, door.token(), credentials));
      if (echo == null) {
        return; // It was said why.
      }
      if (echo.getJob().isEmpty()) {
        findings.notable(
            "job",
            "the coordinator still prepares it",
            "Run this again once it waits for workers.");
      } else {
        Job job = JobFile.parse(echo.getJob(), "the coordinator's job");
        Job here = dataFolder == null ? job : job.withDataIn(dataFolder);
        new FileChecks(findings).run(here, echo.getModelDigest(), echo.getDataDigest());
      }
    } catch (UserException e) {
      findings.wrong("options", e);
    }
  }
}
