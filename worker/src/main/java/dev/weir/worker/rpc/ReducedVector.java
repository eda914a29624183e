package dev.weir.worker.rpc;

import dev.weir.sum.SumFormat;
import dev.weir.wire.ValueChunk;
import java.util.BitSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Puts the reduced chunks of a step together, from wherever they come: of each the first copy
 * counts. Whole vectors are handed to the training thread and come back through {@link #recycle},
 * which any thread may call; all else is for one thread at a time.
 */
final class ReducedVector {
  private final int length;
  private final int chunkLength;
  private final SumFormat format;
  private final BitSet present = new BitSet();
  private final ConcurrentLinkedQueue<int[]> free = new ConcurrentLinkedQueue<>();
  private int[] values = new int[0];
  private long step = -1;
  private int attempt;
  private long wholeStep = -1;

  ReducedVector(int length, int chunkLength, SumFormat format) {
    this.length = length;
    this.chunkLength = chunkLength;
    this.format = format;
  }

  /** Forgets what is there of an unfinished step. */
  void reset() {
    step = -1;
    wholeStep = -1;
  }

  /**
   * Takes a chunk.
   *
   * @return the whole vector if this was its last missing chunk
   * @throws IllegalArgumentException if it is not one of the chunks that the vector is cut into
   */
  int @Nullable [] accept(ValueChunk chunk) {
    int offset = chunk.offset();
    if (offset < 0
        || offset >= length
        || offset % chunkLength != 0
        || chunk.length() != Math.min(chunkLength, length - offset)
        || chunk.format() != format) {
      throw new IllegalArgumentException(
          String.format(
              "a reduced chunk of %d values at %d of %d, of %d bytes each",
              chunk.length(), offset, length, chunk.format().bytes()));
    }
    if (chunk.step() <= wholeStep || isOlder(chunk)) {
      return null;
    }
    if (chunk.step() != step || chunk.attempt() != attempt) {
      begin(chunk.step(), chunk.attempt());
    }
    chunk.copyTo(values, offset);
    present.set(offset / chunkLength);
    if (present.cardinality() < (length + chunkLength - 1) / chunkLength) {
      return null;
    }
    int[] whole = values;
    values = new int[0];
    wholeStep = step;
    step = -1;
    return whole;
  }

  private boolean isOlder(ValueChunk chunk) {
    return chunk.step() < step || (chunk.step() == step && chunk.attempt() < attempt);
  }

  private void begin(long newStep, int newAttempt) {
    step = newStep;
    attempt = newAttempt;
    present.clear();
    if (values.length == 0) {
      int[] recycled = free.poll();
      values = recycled == null ? new int[length] : recycled;
    }
  }

  /** Takes back a vector that was handed out. */
  void recycle(int[] vector) {
    free.add(vector);
  }
}
