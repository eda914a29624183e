package dev.weir.worker.rpc;

import dev.weir.proto.Begin;
import dev.weir.reduction.StepReduction;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Packet;
import dev.weir.wire.SharedChunk;
import dev.weir.wire.ValueChunk;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adds the slice that this worker owns, and tells everybody the sums. It begins anew with whatever
 * belongs to a newer step or attempt, and drops what belongs to an older one.
 *
 * <p>It does not ask which slice that is: it adds what others send it, and they send each chunk to
 * one owner only. Thread-safe.
 */
final class SliceOwner {
  private final StepReduction reduction;
  private final Receiver receiver;
  private final int shards;

  /** The shards of the latest contribution of each worker. */
  private final Map<Integer, BitSet> contributions = new HashMap<>();

  private final Map<Integer, Consumer<Packet>> others = new HashMap<>();
  private long fingerprint;

  /**
   * @param shards of a step, S
   * @param receiver takes the sums for this worker, and sends them to the coordinator
   */
  SliceOwner(int length, int chunkLength, int shards, SumFormat format, Receiver receiver) {
    this.shards = shards;
    this.reduction = new StepReduction(length, chunkLength, shards, format);
    this.receiver = receiver;
  }

  /** Bytes of a whole vector of sums, at most. */
  long vectorBytes() {
    return (long) reduction.sums().length * Integer.BYTES;
  }

  /** Another worker is there, and is told the sums, those that it may have missed first. */
  synchronized void greet(int worker, Consumer<Packet> sums) {
    others.put(worker, sums);
    for (ValueChunk chunk : reduction.completed()) {
      try (Packet packet = Packet.of(chunk.asReduced())) {
        sums.accept(packet);
      }
    }
  }

  /** A worker is gone, unless it has greeted again. */
  synchronized void gone(int worker, Consumer<Packet> sums) {
    others.remove(worker, sums);
  }

  /**
   * A worker's chunks follow.
   *
   * @throws IllegalArgumentException if they are of no shard, or of one that does not exist
   */
  synchronized void begin(int worker, Begin begin) {
    BitSet contributed = shardsOf(begin);
    contributions.remove(worker);
    if (isOlder(begin.getStep(), begin.getAttempt())) {
      return;
    }
    if (!isCurrent(begin.getStep(), begin.getAttempt())) {
      fingerprint = begin.getStateFingerprint();
      contributions.clear();
      reduction.begin(begin.getStep(), begin.getAttempt());
    }
    if (begin.getStateFingerprint() == fingerprint) {
      contributions.put(worker, contributed);
    } // Otherwise one of them is not where it should be; the coordinator sees who.
  }

  /**
   * A chunk of the latest contribution of a worker.
   *
   * @throws IllegalArgumentException if it is not one of the chunks that the vector is cut into
   */
  synchronized void add(int worker, ValueChunk chunk) {
    BitSet contributed = contributions.get(worker);
    if (contributed == null || !isCurrent(chunk.step(), chunk.attempt())) {
      return;
    }
    if (reduction.add(contributed, chunk) == StepReduction.Outcome.COMPLETED) {
      publish(reduction.chunk(reduction.index(chunk.offset())));
    }
  }

  private void publish(ValueChunk sums) {
    try (SharedChunk shared = new SharedChunk(sums.asReduced())) {
      others.values().forEach(other -> other.accept(shared.packet()));
      receiver.outbox().send(shared);
    }
    receiver.reduced(sums);
  }

  private BitSet shardsOf(Begin begin) {
    BitSet contributed = new BitSet(shards);
    for (int shard : begin.getShardsList()) {
      if (shard < 0 || shard >= shards) {
        throw new IllegalArgumentException(
            "shard " + Integer.toUnsignedString(shard) + " of " + shards);
      }
      contributed.set(shard);
    }
    if (contributed.isEmpty()) {
      throw new IllegalArgumentException("a contribution of no shard");
    }
    return contributed;
  }

  private boolean isCurrent(long step, int attempt) {
    return step == reduction.step() && attempt == reduction.attempt();
  }

  private boolean isOlder(long step, int attempt) {
    return step < reduction.step() || (step == reduction.step() && attempt < reduction.attempt());
  }
}
