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

  /** How often silent and overdue workers are looked for: 1/64. */
  public Duration tick() {
    return failureTimeout.dividedBy(64);
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

  /**
   * How long a coordinator that was started again waits for more workers after the latest that came
   * back: 1/8.
   */
  public Duration gathering() {
    return failureTimeout.dividedBy(8);
  }

  /** How often it is said again for whom the job waits: 5 times. */
  public Duration reminder() {
    return failureTimeout.multipliedBy(5);
  }

  /** How long a worker tries to reach a coordinator that went away: 60 times. */
  public Duration reconnect() {
    return failureTimeout.multipliedBy(60);
  }

  /**
   * After how long idle workers make a worker's shards too: their usual time and four times its
   * mean deviation, as TCP waits before it sends again (RFC 6298), but at least 1/40 of the timeout
   * or a quarter of a shard more than usual; 15 times the timeout while nothing is known. The
   * deviation of n shards that vary independently is √n times that of one.
   *
   * @param usualShardNs the usual time of one shard, 0 if unknown
   * @param deviationNs how far it is from that in the mean
   * @param shards how many are expected
   */
  public Duration overdue(long usualShardNs, long deviationNs, int shards) {
    if (usualShardNs == 0) {
      return failureTimeout.multipliedBy(15);
    }
    long deviationsNs = Math.round(4 * deviationNs * Math.sqrt(shards));
    long leastNs = Math.max(usualShardNs / 4, failureTimeout.dividedBy(40).toNanos());
    return Duration.ofNanos(shards * usualShardNs + Math.max(deviationsNs, leastNs));
  }

  /**
   * After how long it is said that a worker is late: three times the usual time of its shards, but
   * at least 1/4 of the timeout; 15 times the timeout while nothing is known.
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
