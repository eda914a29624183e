package dev.weir.bench.scale;

import dev.weir.bench.allreduce.Times;
import dev.weir.bench.machine.Hosts;
import dev.weir.bench.machine.LineProcess;
import dev.weir.bench.machine.ProcessTimes;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hub and its workers, in two processes that last. Shapes are best measured by rising size, since
 * the memory of a process hardly falls.
 */
final class HubTrial implements Trial {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int LEAST_STEPS = 3;

  private final LineProcess hub;
  private final LineProcess crowd;
  private final String address;
  private final long timeoutMs;

  /**
   * Starts both.
   *
   * @param hosts the hub is on the first and all workers on the second; null for the loopback
   *     device
   * @param timeoutMs failure timeout of both sides
   * @param hubOptions of the hub's JVM
   * @param log what they print besides answers
   */
  HubTrial(@Nullable Hosts hosts, long timeoutMs, List<String> hubOptions, File log)
      throws IOException {
    this.timeoutMs = timeoutMs;
    this.address = hosts == null ? LOOPBACK : Hosts.address(0);
    hub =
        LineProcess.java(
            HubProcess.class,
            hubOptions,
            List.of(),
            log,
            line -> hosts == null ? line : hosts.on(0, line));
    crowd =
        LineProcess.java(
            CrowdProcess.class,
            List.of(),
            List.of(),
            log,
            line -> hosts == null ? line : hosts.on(1, line));
  }

  @Override
  public Point measure(Point.Shape shape, double warmUp, double seconds) throws IOException {
    String format = shape.format().name();
    hub.order(
        "serve", address, shape.workers(), shape.values(), shape.chunkLength(), format, timeoutMs);
    crowd.order("join", hub.answer(), shape.workers(), shape.values(), format, timeoutMs);
    crowd.answer();
    watch(warmUp, 1);
    ProcessTimes.forgetPeak(hub.pid());
    double[] seen = watch(seconds, LEAST_STEPS);
    long peakBytes = ProcessTimes.peakBytes(hub.pid());
    hub.order("memory");
    long heapBytes = (long) hub.numbers()[0];
    crowd.order("leave");
    crowd.answer();
    double[] steps = Arrays.copyOfRange(seen, CrowdProcess.FIGURES, seen.length);
    return new Point(
        shape,
        steps.length,
        Times.of(steps),
        seen[0] / steps.length,
        seen[1] / steps.length,
        (seen[2] + seen[3]) / steps.length,
        (seen[4] + seen[5]) / steps.length,
        peakBytes,
        heapBytes);
  }

  private double[] watch(double seconds, int leastSteps) throws IOException {
    crowd.order("watch", hub.pid(), seconds, leastSteps);
    return crowd.numbers();
  }

  @Override
  public void close() {
    crowd.close();
    hub.close();
  }
}
