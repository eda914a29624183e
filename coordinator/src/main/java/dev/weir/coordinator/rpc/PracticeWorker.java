package dev.weir.coordinator.rpc;

import dev.weir.proto.Assign;
import dev.weir.proto.Blob;
import dev.weir.proto.Contribution;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Join;
import dev.weir.proto.Ready;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;
import dev.weir.state.UpdateRule;
import dev.weir.sum.SumFormat;
import dev.weir.wire.BlobReceiver;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.Streams;
import dev.weir.wire.Transport;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;

/**
 * Plays all workers of a run whose gradients are zero, so that a coordinator can be practised
 * without a model. Everything happens on its event loop.
 */
public final class PracticeWorker implements StreamObserver<Frame<FromCoordinator>>, AutoCloseable {
  private final UpdateRule rule;
  private final SumFormat format;
  private final long lastStep;
  private final EventLoop loop = new EventLoop("weir-practice");
  private final ManagedChannel channel;
  private final BlobReceiver states = new BlobReceiver(Blob.Kind.STATE, Integer.MAX_VALUE);
  private final StreamObserver<Frame<FromWorker>> stream;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private int chunkLength;
  private TrainingState state;
  private int received;

  /**
   * Dials in.
   *
   * @param initial the state of the run before its first step, or any other of the same rule
   * @param steps how many steps to take part in; those after are left undone
   */
  public PracticeWorker(Endpoint coordinator, TrainingState initial, SumFormat format, int steps) {
    this.state = initial;
    this.rule = initial.rule();
    this.format = format;
    this.lastStep = initial.step() + steps;
    this.channel =
        Transport.channel(coordinator.address(), coordinator.credentials(), loop, new WireBytes());
    this.stream =
        Streams.open(channel, coordinator.token(), Protocol.SESSION, CallOptions.DEFAULT, this);
    send(
        FromWorker.newBuilder()
            .setJoin(Join.newBuilder().setProtocol(Protocol.VERSION).setName("practice")));
  }

  /** Completes with the step that was reached, or with why it was not. */
  public CompletableFuture<Long> done() {
    return done;
  }

  @Override
  public void onNext(Frame<FromCoordinator> frame) {
    if (frame instanceof Frame.Values<FromCoordinator> values) {
      reduced(values.chunk());
    } else if (frame instanceof Frame.Message<FromCoordinator> message) {
      told(message.message());
    }
  }

  private void told(FromCoordinator message) {
    switch (message.getMessageCase()) {
      case WELCOME -> {
        chunkLength = message.getWelcome().getChunkLength();
        Ready ready =
            Ready.newBuilder()
                .setModelDigest(message.getWelcome().getModelDigest())
                .setDataDigest(message.getWelcome().getDataDigest())
                .setMaskDigest(message.getWelcome().getMaskDigest())
                .build();
        send(FromWorker.newBuilder().setReady(ready));
      }
      case BLOB -> {
        byte[] bytes =
            message.getBlob().getKind() == Blob.Kind.STATE
                ? states.accept(message.getBlob())
                : null;
        if (bytes != null) {
          state = TrainingStateCodec.decode(bytes, "the coordinator's state", rule);
        }
      }
      case ASSIGN -> {
        if (state.step() < lastStep) {
          contribute(message.getAssign());
        }
      }
      case REFUSE ->
          done.completeExceptionally(new IllegalStateException(message.getRefuse().getReason()));
      default -> {}
    }
  }

  private void contribute(Assign assign) {
    int shards = assign.getShardsCount();
    Contribution contribution =
        Contribution.newBuilder()
            .setGeneration(assign.getGeneration())
            .setStep(assign.getStep())
            .setAttempt(assign.getAttempt())
            .addAllShards(assign.getShardsList())
            .addAllLosses(Collections.nCopies(shards, 0.0))
            .setStateFingerprint(state.fingerprint())
            .build();
    send(FromWorker.newBuilder().setContribution(contribution));
    int[] zeros = new int[state.size()];
    for (int offset = 0; offset < zeros.length; offset += chunkLength) {
      int length = Math.min(chunkLength, zeros.length - offset);
      stream.onNext(
          new Frame.Values<>(
              new ValueChunk(
                  assign.getStep(), assign.getAttempt(), offset, zeros, offset, length, format)));
    }
  }

  private void reduced(ValueChunk chunk) {
    received += chunk.length();
    if (received == state.size()) {
      received = 0;
      state.commit(chunk.attempt(), new int[state.size()]);
      if (state.step() >= lastStep) {
        done.complete(state.step());
      }
    }
  }

  private void send(FromWorker.Builder message) {
    stream.onNext(new Frame.Message<>(message.build()));
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    done.completeExceptionally(new IllegalStateException("the stream ended"));
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.close();
  }
}
