package dev.weir.worker.rpc;

import dev.weir.job.FailureLimits;

/** Whether the other side was heard lately. Used on the event loop only. */
final class Watch {
  private final FailureLimits limits;
  private long heardNs;
  private long lookedNs;

  Watch(FailureLimits limits, long nowNs) {
    this.limits = limits;
    this.heardNs = nowNs;
    this.lookedNs = nowNs;
  }

  void heard(long nowNs) {
    heardNs = nowNs;
  }

  /** To be asked at every heartbeat; after a pause of our own the other gets another chance. */
  boolean isSilent(long nowNs) {
    if (nowNs - lookedNs > limits.ownPause().toNanos()) {
      heardNs = nowNs;
    }
    lookedNs = nowNs;
    return nowNs - heardNs > limits.silence().toNanos();
  }
}
