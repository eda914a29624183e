package dev.weir.worker.rpc;

import dev.weir.sum.SumFormat;
import dev.weir.wire.ValueChunk;

/**
 * A vector of sums on its way out, chunk by chunk from its end to its begin, as a backward pass
 * makes it. So most of it is sent beside the computing of the rest. Its first chunk waits for
 * {@link #finish}: then it is known that the sums are good. For the training thread.
 */
final class Departure {
  private final Instruction.Compute task;
  private final Way way;
  private final int chunkLength;
  private final SumFormat format;

  /** Chunks that are still here; those after them are sent. */
  private int left;

  /**
   * @param task whose sums they are
   * @param values length of the vector, k
   */
  Departure(Instruction.Compute task, Way way, int values, int chunkLength, SumFormat format) {
    this.task = task;
    this.way = way;
    this.chunkLength = chunkLength;
    this.format = format;
    this.left = (values + chunkLength - 1) / chunkLength;
  }

  /**
   * Sends chunks that begin at {@code from} or later, as many as can be without waiting.
   *
   * @param sums length k, read until this returns
   */
  void advance(int[] sums, int from) {
    while (left > 1 && (left - 1) * chunkLength >= from && way.isReady(left - 1)) {
      sendLast(sums);
    }
  }

  /** Sends the rest; waits as long as there is no room for it. */
  void finish(int[] sums) throws InterruptedException {
    while (left > 0) {
      way.awaitReady(left - 1);
      sendLast(sums);
    }
  }

  private void sendLast(int[] sums) {
    left--;
    int offset = left * chunkLength;
    int length = Math.min(chunkLength, sums.length - offset);
    way.send(
        left, new ValueChunk(task.step(), task.attempt(), offset, sums, offset, length, format));
  }
}
