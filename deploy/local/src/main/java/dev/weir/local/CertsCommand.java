package dev.weir.local;

import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import dev.weir.tls.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir certs}: certificates for the machines of a run. */
@Command(
    name = "certs",
    description =
        "Makes certificates with which coordinator and workers know each other. Run again with"
            + " other names, it adds to the same authority.",
    mixinStandardHelpOptions = true)
final class CertsCommand implements Callable<Integer> {
  private static final int MAX_DAYS = 3650;

  @Parameters(paramLabel = "DIR", description = "Receives a folder for each certificate.")
  private Path folder = Path.of("");

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "Name or address by which workers dial the coordinator. May be repeated. By default"
              + " localhost and 127.0.0.1.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--worker",
      paramLabel = "NAME",
      description = "A worker to make a certificate for. May be repeated. By default 'worker'.")
  private List<String> workers = new ArrayList<>();

  @Option(
      names = "--days",
      defaultValue = "365",
      description = "For how long the certificates are valid. Default ${DEFAULT-VALUE}.")
  private int days;

  @Override
  public Integer call() {
    workers.forEach(CertsCommand::requireName);
    hosts.forEach(CertsCommand::requireName);
    if (days < 1 || days > MAX_DAYS) {
      throw new UserException(
          "--days", days + " is not between 1 and " + MAX_DAYS, "Give another number.");
    }
    Instant now = Instant.now();
    Duration validity = Duration.ofDays(days);
    CertificateAuthority authority = authority(now);
    if (!hosts.isEmpty() || !Files.exists(folder.resolve("coordinator"))) {
      List<String> names = hosts.isEmpty() ? List.of("localhost", "127.0.0.1") : hosts;
      authority.certifyCoordinator(folder.resolve("coordinator"), names, now, validity);
      report("coordinator", "weir coordinator --certs, dialed as " + String.join(", ", names));
    }
    if (!workers.isEmpty() || !Files.exists(folder.resolve("worker"))) {
      for (String worker : workers.isEmpty() ? List.of("worker") : workers) {
        authority.certifyWorker(folder.resolve(worker), worker, now, validity);
        report(worker, "weir worker --certs");
      }
    }
    return Cli.DONE;
  }

  private CertificateAuthority authority(Instant now) {
    Path place = folder.resolve("authority");
    if (CertificateAuthority.isIn(place)) {
      return CertificateAuthority.load(place);
    }
    CertificateAuthority authority =
        CertificateAuthority.create(now, Duration.ofDays(MAX_DAYS).plusDays(1));
    authority.save(place);
    report("authority", "signs more certificates; keep it to yourself");
    return authority;
  }

  private void report(String name, String use) {
    System.out.printf("%-30s %s%n", folder.resolve(name), use);
  }

  private static void requireName(String name) {
    if (!name.matches("[A-Za-z0-9:]([A-Za-z0-9.:_-]{0,98}[A-Za-z0-9])?")
        || name.equals("authority")) {
      throw new UserException(
          "--host, --worker",
          "'" + name + "' is not a name of 1 to 100 letters, digits, dots, colons and dashes",
          "Give a host name, an address or a worker's name.");
    }
  }
}
