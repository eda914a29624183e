package dev.weir.worker.gradient;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a shard takes at least: for benchmarks that need more workers than this machine can keep
 * busy. The gradients are computed as ever; the rest of the time is slept, as a processor that
 * waits for its accelerator would.
 *
 * @param shard the least time of a shard; zero for as fast as possible
 */
public record Pace(Duration shard) {
  /** As fast as possible. */
  public static final Pace NONE = new Pace(Duration.ZERO);

  /**
   * Sleeps until a shard that was begun at {@code beganNs} has taken its time.
   *
   * @return nanoseconds slept
   */
  long sleepOut(long beganNs) throws InterruptedException {
    long beforeNs = System.nanoTime();
    long leftNs = shard.toNanos() - (beforeNs - beganNs);
    if (leftNs <= 0) {
      return 0;
    }
    TimeUnit.NANOSECONDS.sleep(leftNs);
    return System.nanoTime() - beforeNs;
  }
}
