package dev.weir.worker.rpc;

import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Packet;
import dev.weir.wire.PeerStream;
import dev.weir.wire.WireBytes;
import java.util.function.Consumer;

/** The stream to another worker: contributions to its slice there, the sums of its slice back. */
final class PeerLink implements PeerStream.Listener<FromCoordinator>, AutoCloseable {
  private final Endpoint owner;
  private final PeerStream stream;
  private final Receiver receiver;
  private final Consumer<String> broken;
  private final Object readiness = new Object();

  /**
   * Dials it. To be called on the event loop.
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
    this.stream =
        PeerStream.dial(
            owner.address(),
            owner.credentials(),
            loop,
            bytes,
            FromCoordinator.getDefaultInstance(),
            this);
    stream.send(FromWorker.newBuilder().setGreet(greet).build());
  }

  /** Whether it is a stream to that address that has not ended. */
  boolean leadsTo(String address) {
    return !stream.isOver() && owner.toString().equals(address);
  }

  /** Whether {@link #awaitReady} would return at once. */
  boolean isReady() {
    return stream.isReady();
  }

  /** Waits until the socket has taken most of what was sent, or the stream is over. */
  void awaitReady() throws InterruptedException {
    if (!isReady()) {
      synchronized (readiness) {
        while (!isReady()) {
          readiness.wait();
        }
      }
    }
  }

  /** Sends a message to the owner; vanishes if the stream is over. */
  void send(Packet packet) {
    stream.send(packet);
  }

  @Override
  public void taken(Frame<FromCoordinator> frame) {
    if (frame instanceof Frame.Values<FromCoordinator> values) {
      receiver.reduced(values.chunk());
    } else if (frame instanceof Frame.Malformed<FromCoordinator> malformed) {
      stream.close();
      ended("it sent " + malformed.reason());
    } else if (frame instanceof Frame.Message<FromCoordinator> message
        && message.message().hasRefuse()) {
      stream.close();
      ended("it says: " + message.message().getRefuse().getReason());
    }
  }

  @Override
  public void ready() {
    synchronized (readiness) {
      readiness.notifyAll();
    }
  }

  @Override
  public void ended(String reason) {
    ready();
    broken.accept(owner + ": " + reason);
  }

  @Override
  public void close() {
    stream.close();
    ready();
  }
}
