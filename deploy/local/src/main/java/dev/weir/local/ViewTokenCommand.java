package dev.weir.local;

import dev.weir.cli.Cli;
import dev.weir.cli.JoinToken;
import dev.weir.coordinator.web.Access;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir view-token}: what lets Prometheus look at a run. */
@Command(
    name = "view-token",
    description =
        "Prints the token with which a coordinator's page and metrics can be looked at; nobody can"
            + " join with it.",
    mixinStandardHelpOptions = true)
final class ViewTokenCommand implements Callable<Integer> {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the run's token; by default it is read from $WEIR_TOKEN.")
  private @Nullable Path tokenFile;

  @Override
  public Integer call() {
    System.out.println(Access.viewToken(JoinToken.read(tokenFile)));
    return Cli.DONE;
  }
}
