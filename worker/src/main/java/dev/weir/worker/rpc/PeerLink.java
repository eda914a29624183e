package dev.weir.worker.rpc;

import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.NetworkReason;
import dev.weir.wire.Protocol;
import dev.weir.wire.Streams;
import dev.weir.wire.Transport;
import dev.weir.wire.WireBytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.function.Consumer;

/** The stream to another worker: contributions to its slice there, the sums of its slice back. */
final class PeerLink
    implements ClientResponseObserver<Frame<FromWorker>, Frame<FromCoordinator>>, AutoCloseable {
  private final Endpoint owner;
  private final ManagedChannel channel;
  private final Outbox outbox = new Outbox();
  private final Receiver receiver;
  private final Consumer<String> broken;

  /**
   * Dials it.
   *
   * @param greet who this worker is
   * @param receiver takes the sums
   * @param broken told why, if the stream ends by itself
   */
  PeerLink(
      Endpoint owner,
      Greet greet,
      EventLoop loop,
      WireBytes bytes,
      Receiver receiver,
      Consumer<String> broken) {
    this.owner = owner;
    this.receiver = receiver;
    this.broken = broken;
    this.channel = Transport.peerChannel(owner.address(), owner.credentials(), loop, bytes);
    Streams.open(
        channel,
        owner.token(),
        Protocol.SLICE,
        CallOptions.DEFAULT.withOnReadyThreshold(CoordinatorLink.READY_BYTES),
        this);
    outbox.send(FromWorker.newBuilder().setGreet(greet).build());
  }

  /** What goes to the owner. */
  Outbox outbox() {
    return outbox;
  }

  /** Whether it is a stream to that address that has not ended. */
  boolean leadsTo(String address) {
    return !outbox.isOver() && owner.toString().equals(address);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Frame<FromWorker>> call) {
    outbox.begin(call);
  }

  @Override
  public void onNext(Frame<FromCoordinator> frame) {
    if (frame instanceof Frame.Values<FromCoordinator> values) {
      receiver.reduced(values.chunk());
    }
  }

  @Override
  public void onError(Throwable error) {
    end(NetworkReason.of(Status.fromThrowable(error)));
  }

  @Override
  public void onCompleted() {
    end("it closed the stream");
  }

  private void end(String reason) {
    if (outbox.end()) {
      channel.shutdownNow();
      broken.accept(owner + ": " + reason);
    }
  }

  @Override
  public void close() {
    outbox.end();
    channel.shutdownNow();
  }
}
