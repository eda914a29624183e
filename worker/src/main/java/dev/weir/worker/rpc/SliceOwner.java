package dev.weir.worker.rpc;

import dev.weir.proto.Contribution;
import dev.weir.proto.FromCoordinator;
import dev.weir.reduction.StepReduction;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Frame;
import dev.weir.wire.ValueChunk;
import io.grpc.stub.StreamObserver;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

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
  private final Map<Integer, Contribution> contributions = new HashMap<>();
  private final Map<Integer, StreamObserver<Frame<FromCoordinator>>> others = new HashMap<>();
  private long step = -1;
  private int attempt;
  private long fingerprint;

  /**
   * @param shards of a step, S
   * @param receiver takes the sums for this worker, and sends them to the coordinator
   */
  SliceOwner(int length, int chunkLength, int shards, SumFormat format, Receiver receiver) {
    this.reduction = new StepReduction(length, chunkLength, shards, format);
    this.receiver = receiver;
  }

  /** Another worker is there, and is told what it may have missed. */
  synchronized void greet(int worker, StreamObserver<Frame<FromCoordinator>> stream) {
    others.put(worker, stream);
    for (int index = 0; step >= 0 && index < reduction.chunks(); index++) {
      if (reduction.isComplete(index)) {
        stream.onNext(new Frame.Values<>(reduction.chunk(step, attempt, index)));
      }
    }
  }

  /** A worker's stream has ended. */
  synchronized void gone(int worker, StreamObserver<Frame<FromCoordinator>> stream) {
    others.remove(worker, stream);
  }

  /** A worker's chunks follow. */
  synchronized void begin(int worker, Contribution contribution) {
    contributions.remove(worker);
    if (isOlder(contribution.getStep(), contribution.getAttempt())) {
      return;
    }
    if (contribution.getStep() != step || contribution.getAttempt() != attempt) {
      step = contribution.getStep();
      attempt = contribution.getAttempt();
      fingerprint = contribution.getStateFingerprint();
      contributions.clear();
      reduction.begin();
    }
    if (contribution.getStateFingerprint() == fingerprint) {
      contributions.put(worker, contribution);
    } // Otherwise one of them is not where it should be; the coordinator sees who.
  }

  /**
   * A chunk of the latest contribution of a worker.
   *
   * @throws IllegalArgumentException if it is not one of the chunks that the vector is cut into
   */
  synchronized void add(int worker, ValueChunk chunk) {
    Contribution contribution = contributions.get(worker);
    if (contribution == null || chunk.step() != step || chunk.attempt() != attempt) {
      return;
    }
    BitSet shards = new BitSet();
    contribution.getShardsList().forEach(shards::set);
    if (reduction.add(shards, chunk) == StepReduction.Outcome.COMPLETED) {
      publish(reduction.chunk(step, attempt, reduction.index(chunk.offset())));
    }
  }

  private void publish(ValueChunk sums) {
    Frame<FromCoordinator> frame = new Frame.Values<>(sums);
    others.values().forEach(stream -> stream.onNext(frame));
    receiver.outbox().send(new Frame.Values<>(sums.asReduced()));
    receiver.reduced(sums);
  }

  private boolean isOlder(long otherStep, int otherAttempt) {
    return otherStep < step || (otherStep == step && otherAttempt < attempt);
  }
}
