package dev.weir.job;

import java.time.Duration;

/**
 * Every time limit of a run, derived from its one knob, {@code communication.failureTimeout}.
 *
 * @param failureTimeout within so long of its last sign of life a dead or hung process is noticed
 */
public record FailureLimits(Duration failureTimeout) {
  private static final int LATE_FACTOR = 3;

  /** How often each side says that it lives: 1/8. */
  public Duration heartbeat() {
    return failureTimeout.dividedBy(8);
  }

  /** How often silence is looked for: 1/16. */
  public Duration tick() {
    return failureTimeout.dividedBy(16);
  }

  /** Who is silent for longer counts as lost: 7/8, so that with a tick it is noticed in time. */
  public Duration silence() {
    return failureTimeout.multipliedBy(7).dividedBy(8);
  }

  /** A pause of one's own that says nothing about others' silence: 1/2. */
  public Duration ownPause() {
    return failureTimeout.dividedBy(2);
  }

  /** How long a worker waits between attempts to reach the coordinator again: 1/20. */
  public Duration retry() {
    return failureTimeout.dividedBy(20);
  }

  /** How long a worker tries to reach a coordinator that went away: 60 times. */
  public Duration reconnect() {
    return failureTimeout.multipliedBy(60);
  }

  /**
   * After how long a worker is late: three times the usual time of its shards, but at least 1/4 of
   * the timeout; 15 times the timeout while nothing is known.
   *
   * @param usualShardNs the usual time of one shard, 0 if unknown
   * @param shards how many are expected
   */
  public Duration late(long usualShardNs, int shards) {
    if (usualShardNs == 0) {
      return failureTimeout.multipliedBy(15);
    }
    Duration usual = Duration.ofNanos(usualShardNs).multipliedBy((long) LATE_FACTOR * shards);
    Duration least = failureTimeout.dividedBy(4);
    return usual.compareTo(least) > 0 ? usual : least;
  }
}
