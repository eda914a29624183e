package dev.weir.bench.scale;

import dev.weir.bench.machine.ProcessTimes;
import dev.weir.job.FailureLimits;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.WireBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Many synthetic workers on one event loop. They step as fast as the hub lets them; a watch looks
 * at some of the steps.
 */
final class Crowd implements SyntheticWorker.Observer, AutoCloseable {
  private static final String LOOP = "weir-crowd";

  private final EventLoop loop = new EventLoop(LOOP);
  private final WireBytes bytes = new WireBytes();
  private final List<SyntheticWorker> workers = new ArrayList<>();
  private final CompletableFuture<Void> stepping = new CompletableFuture<>();
  private final int count;
  private final ScheduledFuture<?> heartbeat;
  private int receivers;
  private @Nullable Watch watch;
  private @Nullable IllegalStateException failure;

  /**
   * What happened while some steps were watched, from the end of a step to the end of another.
   *
   * @param hub processor time of the hub's event loop
   * @param crowd processor time of the event loop of all workers
   * @param sent bytes from workers to the hub
   * @param received bytes from the hub to workers
   * @param steps seconds of each step, from its end at the last worker to the next such end
   */
  @SuppressWarnings("ArrayRecordComponent") // Made once and read once.
  record Seen(ProcessTimes hub, ProcessTimes crowd, long sent, long received, double[] steps) {}

  /** One that is going on. */
  private final class Watch {
    final CompletableFuture<Seen> seen = new CompletableFuture<>();
    private final long hubPid;
    private final long ns;
    private final int leastSteps;
    private final List<Long> endsNs = new ArrayList<>();
    private ProcessTimes hub = new ProcessTimes(0, 0);
    private ProcessTimes own = new ProcessTimes(0, 0);
    private long sent;
    private long received;

    Watch(long hubPid, double seconds, int leastSteps) {
      this.hubPid = hubPid;
      this.ns = (long) (1e9 * seconds);
      this.leastSteps = leastSteps;
    }

    /** Whether this was the last step to see. */
    boolean stepEnded(long nowNs) {
      endsNs.add(nowNs);
      if (endsNs.size() == 1) {
        hub = ProcessTimes.ofThreads(hubPid, HubProcess.LOOP);
        own = ProcessTimes.ofThreads(ProcessHandle.current().pid(), LOOP);
        sent = bytes.sent();
        received = bytes.received();
        return false;
      }
      if (endsNs.size() <= leastSteps || nowNs - endsNs.get(0) < ns) {
        return false;
      }
      double[] steps = new double[endsNs.size() - 1];
      Arrays.setAll(steps, i -> (endsNs.get(i + 1) - endsNs.get(i)) / 1e9);
      seen.complete(
          new Seen(
              ProcessTimes.ofThreads(hubPid, HubProcess.LOOP).since(hub),
              ProcessTimes.ofThreads(ProcessHandle.current().pid(), LOOP).since(own),
              bytes.sent() - sent,
              bytes.received() - received,
              steps));
      return true;
    }
  }

  /**
   * Has all workers dial in.
   *
   * @param count how many, N
   * @param vector what each contributes
   * @param limits within which they must give signs of life
   */
  Crowd(Endpoint hub, int count, int[] vector, SumFormat format, FailureLimits limits) {
    this.count = count;
    loop.executor()
        .execute(
            () -> {
              for (int i = 1; i <= count; i++) {
                workers.add(
                    new SyntheticWorker(
                        hub, "synthetic-" + i, vector, count, format, loop, bytes, this));
              }
            });
    long everyNs = limits.heartbeat().toNanos();
    heartbeat =
        loop.executor()
            .scheduleAtFixedRate(
                () -> workers.forEach(SyntheticWorker::beat),
                everyNs,
                everyNs,
                TimeUnit.NANOSECONDS);
  }

  /** Completes with the first step, or with what went wrong then or later. */
  CompletableFuture<Void> stepping() {
    return stepping;
  }

  /**
   * Looks at steps from the end of the current one on.
   *
   * @param hubPid process of the hub
   * @param seconds after which it ends with the next step
   * @param leastSteps how many steps it sees anyway
   */
  CompletableFuture<Seen> watch(long hubPid, double seconds, int leastSteps) {
    Watch next = new Watch(hubPid, seconds, leastSteps);
    loop.executor()
        .execute(
            () -> {
              watch = next;
              tellOfFailure();
            });
    return next.seen;
  }

  @Override
  public void received(long step) {
    receivers++;
    if (receivers < count) {
      return;
    }
    receivers = 0;
    stepping.complete(null);
    if (watch != null && watch.stepEnded(System.nanoTime())) {
      watch = null;
    }
  }

  @Override
  public void failed(String worker, String reason) {
    if (failure == null) {
      failure = new IllegalStateException(worker + ": " + reason);
    }
    tellOfFailure();
  }

  private void tellOfFailure() {
    IllegalStateException first = failure;
    if (first != null) {
      stepping.completeExceptionally(first);
      if (watch != null) {
        watch.seen.completeExceptionally(first);
      }
    }
  }

  @Override
  public void close() {
    heartbeat.cancel(false);
    loop.executor().execute(() -> workers.forEach(SyntheticWorker::close));
    loop.close();
  }
}
