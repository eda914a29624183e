package dev.weir.coordinator;

import dev.weir.coordinator.progress.StepRecord;
import dev.weir.wire.WireBytes;

/**
 * Bytes of steps at the coordinator's sockets, apart from those of set-up: mask and state are
 * transferred until the first step ends, so steps are counted from the second.
 */
final class StepBytes {
  private final WireBytes bytes;
  private final long firstStep;
  private long sentBefore;
  private long receivedBefore;
  private long workerSteps;

  /**
   * @param bytes counts everything
   * @param firstStep the first step of this run
   */
  StepBytes(WireBytes bytes, long firstStep) {
    this.bytes = bytes;
    this.firstStep = firstStep;
  }

  /** A step ended. */
  void step(StepRecord record) {
    if (record.step() == firstStep) {
      receivedBefore = record.receivedBytes();
      return;
    }
    if (record.step() == firstStep + 1) {
      sentBefore = record.sentBytes();
    }
    workerSteps += record.workers();
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
   * @param payload bytes that must travel each way
   * @param dense bytes that would have to without a mask
   */
  Summary.Wire summary(long payload, long dense) {
    double each = workerSteps == 0 ? 0 : 1.0 / workerSteps;
    return new Summary.Wire(
        bytes.sent(), bytes.received(), sent() * each, received() * each, payload, dense);
  }
}
