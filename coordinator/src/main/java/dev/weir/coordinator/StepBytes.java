package dev.weir.coordinator;

import dev.weir.coordinator.progress.StepRecord;
import dev.weir.wire.WireBytes;

/**
 * Bytes of steps at the coordinator's sockets, apart from those of set-up: mask and state are
 * transferred until the first step, or round, ends, so they are counted from the second.
 */
final class StepBytes {
  private final WireBytes bytes;
  private long sentBefore;
  private long receivedBefore;
  private int records;
  private long workerSteps;

  /**
   * @param bytes counts everything
   */
  StepBytes(WireBytes bytes) {
    this.bytes = bytes;
  }

  /** A step, or a round of steps, ended. */
  void step(StepRecord record) {
    records++;
    if (records == 1) {
      receivedBefore = record.receivedBytes();
      return;
    }
    if (records == 2) {
      sentBefore = record.sentBytes();
    }
    workerSteps += (long) record.workers() * record.steps();
  }

  /** Steps counted, each as often as it had workers. */
  long workerSteps() {
    return workerSteps;
  }

  /** Bytes of the counted steps, both ways. */
  long exchanged() {
    return workerSteps == 0 ? 0 : sent() + received();
  }

  private long sent() {
    return bytes.sent() - sentBefore;
  }

  private long received() {
    return bytes.received() - receivedBefore;
  }

  /**
   * In numbers, once the last step's sums are sent.
   *
   * @param payload bytes that must travel each way for a step
   * @param dense bytes that would have to without a mask
   */
  Summary.Wire summary(long payload, long dense) {
    double each = workerSteps == 0 ? 0 : 1.0 / workerSteps;
    return new Summary.Wire(
        bytes.sent(), bytes.received(), sent() * each, received() * each, payload, dense);
  }
}
