package dev.weir.coordinator;

import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.RunListeners;
import dev.weir.coordinator.view.RunWatch;
import dev.weir.coordinator.view.Snapshot;
import dev.weir.coordinator.web.AdminServer;
import dev.weir.coordinator.web.Metrics;
import dev.weir.coordinator.web.Trace;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Everything that follows a run: for the report always, over HTTP if there is an address. */
final class Observers implements AutoCloseable {
  private static final int HEALTHY_SECONDS = 2;

  private final RunWatch watch;
  private final Metrics metrics = new Metrics();
  private final Trace trace = new Trace();
  private final @Nullable AdminServer server;

  /**
   * @param jobYaml the resolved job
   * @param address where to listen, or null for nowhere
   * @param token the run's
   * @param loop is asked to do something when somebody asks whether the coordinator is healthy
   */
  Observers(String jobYaml, @Nullable InetSocketAddress address, String token, Executor loop) {
    this.watch = new RunWatch(jobYaml);
    this.server =
        address == null
            ? null
            : new AdminServer(address, token, watch, metrics, trace, () -> answers(loop));
  }

  private static boolean answers(Executor loop) {
    FutureTask<Boolean> question = new FutureTask<>(() -> true);
    loop.execute(question);
    try {
      return question.get(HEALTHY_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Tells {@code first} and then all of these. */
  RunListener behind(RunListener first) {
    return new RunListeners(List.of(first, watch, metrics, trace));
  }

  /** Where a browser can look, or null. */
  @Nullable String url() {
    return server == null ? null : server.url();
  }

  /** How the run stands. */
  Snapshot snapshot() {
    return watch.snapshot();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    metrics.close();
  }
}
