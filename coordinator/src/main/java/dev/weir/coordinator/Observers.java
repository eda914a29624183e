package dev.weir.coordinator;

import dev.weir.cli.HealthOption;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.RunListeners;
import dev.weir.coordinator.view.RunWatch;
import dev.weir.coordinator.view.Snapshot;
import dev.weir.coordinator.web.AdminServer;
import dev.weir.coordinator.web.Metrics;
import dev.weir.coordinator.web.Trace;
import dev.weir.wire.HealthServer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Everything that follows a run: for the report always, over HTTP if there is an address. */
final class Observers implements AutoCloseable {
  private final RunWatch watch;
  private final Metrics metrics = new Metrics();
  private final Trace trace = new Trace();
  private final @Nullable AdminServer server;
  private final @Nullable HealthServer probes;

  /**
   * @param jobYaml the resolved job
   * @param address where to listen, or null for nowhere
   * @param token the run's
   * @param healthy whether the event loop answers; may block for a moment
   * @param health where to answer gRPC health checks
   */
  Observers(
      String jobYaml,
      @Nullable InetSocketAddress address,
      String token,
      BooleanSupplier healthy,
      HealthOption health) {
    this.watch = new RunWatch(jobYaml);
    this.server =
        address == null ? null : new AdminServer(address, token, watch, metrics, trace, healthy);
    this.probes = health.serve(healthy, watch::isTraining);
  }

  /** Tells {@code first} and then all of these. */
  RunListener behind(RunListener first) {
    return new RunListeners(List.of(first, watch, metrics, trace));
  }

  /** Where a browser can look, or null. */
  @Nullable String url() {
    return server == null ? null : server.url();
  }

  /** The run ended. */
  void end(String reason) {
    watch.end(reason);
  }

  /** How the run stands. */
  Snapshot snapshot() {
    return watch.snapshot();
  }

  @Override
  public void close() {
    if (probes != null) {
      probes.close();
    }
    if (server != null) {
      server.close();
    }
    metrics.close();
  }
}
