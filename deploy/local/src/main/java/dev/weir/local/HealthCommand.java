package dev.weir.local;

import dev.weir.cli.Addresses;
import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import dev.weir.wire.HealthProbe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code weir health}: what a container's health check runs. Its exit code is 0 if the process is
 * healthy, 1 if it is not or nobody answers, 2 if the address makes no sense.
 */
@Command(
    name = "health",
    description =
        "Asks a coordinator or worker whether it does its work: a coordinator once workers can join,"
            + " a worker once it has joined. Exit code 0: yes; 1: no, or nobody answers.",
    mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
  /** Less than the 20 s that a container's health check is given; a busy machine needs seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final int UNHEALTHY = 1;
  private static final String HTTP = "http://";

  @Parameters(
      arity = "0..1",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1:7071",
      description =
          "What was given to --health, HOST:PORT, which is asked by gRPC; or to a coordinator's"
              + " --admin, written http://HOST:PORT. Default ${DEFAULT-VALUE}.")
  private String address = "";

  @Option(names = "--live", description = "Asks only whether it lives.")
  private boolean live;

  @Override
  public Integer call() {
    Optional<String> wrong =
        address.startsWith(HTTP)
            ? askByHttp(address)
            : HealthProbe.ask(Addresses.parse("ADDRESS", address), live ? "" : "ready", PATIENCE);
    System.out.println(wrong.map(reason -> address + ": " + reason).orElse("ok"));
    return wrong.isPresent() ? UNHEALTHY : Cli.DONE;
  }

  private Optional<String> askByHttp(String server) {
    String host = server.substring(HTTP.length()).replaceFirst("/$", "");
    Addresses.parse("ADDRESS", host);
    try {
      URI page = new URI(HTTP + host + (live ? "/healthz" : "/readyz"));
      HttpURLConnection request = (HttpURLConnection) page.toURL().openConnection();
      request.setConnectTimeout((int) PATIENCE.toMillis());
      request.setReadTimeout((int) PATIENCE.toMillis());
      int status = request.getResponseCode();
      return status == HttpURLConnection.HTTP_OK
          ? Optional.empty()
          : Optional.of(page + " answers " + status);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (URISyntaxException e) {
      throw new UserException(
          "ADDRESS",
          "'" + server + "' is not an address",
          "Write for example http://127.0.0.1:9464.");
    }
  }
}
