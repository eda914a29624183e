package dev.weir.bench.machine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * When this machine as a whole stood still, as a virtual one does whose host takes a snapshot of
 * it: a thread that wants to sleep for a moment finds that much more time has passed.
 */
public final class Stalls implements AutoCloseable {
  private static final long NAP_MS = 20;

  /** Waiting for a processor on a busy machine takes less. */
  private static final long LEAST_MS = 1_000;

  private final List<Stall> stalls = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::watch, "stalls");

  /** In milliseconds since 1970. */
  private record Stall(long fromMs, long toMs) {}

  /** Begins to watch. */
  public Stalls() {
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    long beforeMs = System.currentTimeMillis();
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(NAP_MS);
        long nowMs = System.currentTimeMillis();
        if (nowMs - beforeMs >= LEAST_MS) {
          stalls.add(new Stall(beforeMs, nowMs));
        }
        beforeMs = nowMs;
      }
    } catch (InterruptedException e) {
      // Nobody wants to know any more.
    }
  }

  /** For how many milliseconds it stood still between two times, in milliseconds since 1970. */
  public long between(long fromMs, long toMs) {
    return stalls.stream()
        .mapToLong(stall -> Math.min(toMs, stall.toMs()) - Math.max(fromMs, stall.fromMs()))
        .filter(ms -> ms > 0)
        .sum();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
