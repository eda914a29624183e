package dev.weir.cli;

import dev.weir.wire.HealthServer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that coordinator and worker share: where to answer gRPC health checks. */
public final class HealthOption {
  @Option(
      names = "--health",
      paramLabel = "HOST:PORT",
      description =
          "Where to answer gRPC health checks (grpc.health.v1.Health), in plaintext and to anybody;"
              + " nothing else is told there. Default: nowhere.")
  private @Nullable String address;

  /**
   * Begins to answer, or returns null if that is not wanted.
   *
   * @param live whether this process lives; may block for a moment
   * @param ready whether it does its work; may block for a moment
   */
  public @Nullable HealthServer serve(BooleanSupplier live, BooleanSupplier ready) {
    return address == null
        ? null
        : new HealthServer(Addresses.parse("--health", address), live, ready);
  }
}
