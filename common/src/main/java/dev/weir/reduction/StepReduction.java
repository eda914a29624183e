package dev.weir.reduction;

import dev.weir.sum.SumFormat;
import dev.weir.wire.ValueChunk;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sum of all S shards of one attempt of one step, made chunk by chunk as contributions arrive.
 *
 * <p>A contribution is the sum of some shards. Each chunk remembers which shards it holds, and
 * takes a contribution only if it holds none of its shards yet. Since the same shard gives the same
 * bits wherever it is computed, what a lost worker had already delivered of a shard stays, and
 * whoever computes that shard again adds only the rest. So every shard is counted exactly once in
 * every value, whatever arrives twice, late or in part.
 *
 * <p>Not thread-safe.
 */
public final class StepReduction {
  /** What became of a chunk. */
  public enum Outcome {
    /** Added; other shards are still missing in it. */
    ADDED,
    /** Added, and now the sum over all shards. */
    COMPLETED,
    /** It held some of these shards already, so nothing was added. */
    DROPPED
  }

  private final int chunkLength;
  private final int shards;
  private final SumFormat format;
  private final int[] sums;
  private final BitSet[] held;
  private long step = -1;
  private int attempt;
  private int complete;

  /**
   * @param length number of values, k
   * @param chunkLength values per chunk; only the last chunk may be shorter
   * @param shards number of shards of a step, S
   * @param format how values travel
   */
  public StepReduction(int length, int chunkLength, int shards, SumFormat format) {
    this.chunkLength = chunkLength;
    this.shards = shards;
    this.format = format;
    this.sums = new int[length];
    this.held = new BitSet[(length + chunkLength - 1) / chunkLength];
    Arrays.setAll(held, chunk -> new BitSet(shards));
  }

  /** Forgets everything, for another step or attempt. */
  public void begin(long ofStep, int ofAttempt) {
    step = ofStep;
    attempt = ofAttempt;
    for (BitSet present : held) {
      present.clear();
    }
    complete = 0;
  }

  /**
   * Adds one chunk of a contribution.
   *
   * @param contributed the shards that the chunk is the sum of
   * @param chunk its values
   * @throws IllegalArgumentException if it is not one of the chunks that the vector is cut into
   */
  public Outcome add(BitSet contributed, ValueChunk chunk) {
    int index = indexOf(chunk);
    BitSet present = held[index];
    if (present.intersects(contributed)) {
      return Outcome.DROPPED;
    }
    if (present.isEmpty()) {
      chunk.copyTo(sums, chunk.offset());
    } else {
      chunk.addTo(sums, chunk.offset());
    }
    present.or(contributed);
    if (present.cardinality() < shards) {
      return Outcome.ADDED;
    }
    complete++;
    format.wrap(sums, chunk.offset(), chunk.length());
    return Outcome.COMPLETED;
  }

  /**
   * Takes a chunk that somebody else has made the sum over all shards of, whatever is held of it.
   * It is the same bits as if it had been made here.
   *
   * @throws IllegalArgumentException as {@link #add}
   */
  public Outcome take(ValueChunk sum) {
    int index = indexOf(sum);
    if (isComplete(index)) {
      return Outcome.DROPPED;
    }
    sum.copyTo(sums, sum.offset());
    held[index].set(0, shards);
    complete++;
    return Outcome.COMPLETED;
  }

  /** Whether every chunk holds every shard. */
  public boolean isComplete() {
    return complete == held.length;
  }

  /** The shards that every chunk holds. */
  public BitSet delivered() {
    BitSet everywhere = new BitSet(shards);
    everywhere.set(0, shards);
    for (BitSet present : held) {
      everywhere.and(present);
    }
    return everywhere;
  }

  /** The sums, of length k; meaningful where complete. Owned by this object. */
  public int[] sums() {
    return sums;
  }

  /** Number of chunks. */
  public int chunks() {
    return held.length;
  }

  /** Whether chunk {@code index} holds every shard. */
  public boolean isComplete(int index) {
    return held[index].cardinality() == shards;
  }

  /** The completed chunks, in order, as views of {@link #sums}. */
  public List<ValueChunk> completed() {
    return IntStream.range(0, held.length).filter(this::isComplete).mapToObj(this::chunk).toList();
  }

  /** The step; -1 before the first. */
  public long step() {
    return step;
  }

  /** The attempt at it. */
  public int attempt() {
    return attempt;
  }

  /** The completed chunk {@code index}, as a view of {@link #sums}. */
  public ValueChunk chunk(int index) {
    int offset = index * chunkLength;
    return new ValueChunk(
        step, attempt, offset, sums, offset, Math.min(chunkLength, sums.length - offset), format);
  }

  /** Which of the chunks begins at {@code offset} of the vector. */
  public int index(int offset) {
    return offset / chunkLength;
  }

  private int indexOf(ValueChunk chunk) {
    int index = chunk.offset() / chunkLength;
    boolean aligned = chunk.offset() >= 0 && chunk.offset() % chunkLength == 0;
    if (!aligned
        || index >= held.length
        || chunk.length() != Math.min(chunkLength, sums.length - chunk.offset())
        || chunk.format() != format) {
      throw new IllegalArgumentException(
          String.format(
              "a chunk of %d values at %d of %d bytes each does not belong to %d values in chunks"
                  + " of %d, of %d bytes each",
              chunk.length(),
              chunk.offset(),
              chunk.format().bytes(),
              sums.length,
              chunkLength,
              format.bytes()));
    }
    return index;
  }
}
