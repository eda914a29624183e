package dev.weir.coordinator;

import dev.weir.coordinator.journal.WriteFailure;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes without which a run must not go on. One that fails, as on a full disk, is tried again
 * until it succeeds; what was to follow it follows then. One thread at a time may use it.
 */
final class PatientWrites {
  private static final long NOTICE_NS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier clockNs;
  private final Consumer<String> notice;
  private @Nullable Waiting waiting;

  /**
   * @param write may throw {@link WriteFailure}
   * @param then what follows
   */
  private record Waiting(Runnable write, Runnable then, long sinceNs, long saidNs) {
    double seconds(long nowNs) {
      return (nowNs - sinceNs) / 1e9;
    }
  }

  /**
   * @param clockNs never goes back
   * @param notice is told when a wait begins, now and then while it lasts, and when it ends
   */
  PatientWrites(LongSupplier clockNs, Consumer<String> notice) {
    this.clockNs = clockNs;
    this.notice = notice;
  }

  /** Whether something is yet to be written. */
  boolean isWaiting() {
    return waiting != null;
  }

  /** Writes and then runs {@code then}: now, or in a later {@link #retry}. */
  void write(Runnable write, Runnable then) {
    try {
      write.run();
    } catch (WriteFailure e) {
      long nowNs = clockNs.getAsLong();
      waiting = new Waiting(write, then, nowNs, nowNs);
      notice.accept(
          e.getMessage()
              + ": training waits until there is room. Free some; or stop with Ctrl-C and go on"
              + " later with --resume");
      return;
    }
    then.run();
  }

  /** Tries again what could not be written, if there is such. */
  void retry() {
    Waiting current = waiting;
    if (current == null) {
      return;
    }
    long nowNs = clockNs.getAsLong();
    try {
      current.write().run();
    } catch (WriteFailure e) {
      if (nowNs - current.saidNs() > NOTICE_NS) {
        waiting = new Waiting(current.write(), current.then(), current.sinceNs(), nowNs);
        notice.accept(
            String.format(
                Locale.ROOT,
                "still waiting, for %.0f s: %s",
                current.seconds(nowNs),
                e.getMessage()));
      }
      return;
    }
    waiting = null;
    notice.accept(
        String.format(
            Locale.ROOT,
            "there is room again: training goes on after %.1f s",
            current.seconds(nowNs)));
    current.then().run();
  }
}
