package dev.weir.worker.rpc;

import dev.weir.proto.Continue;
import dev.weir.proto.FromWorker;
import dev.weir.wire.Frame;
import dev.weir.wire.PeerStream;
import dev.weir.wire.SharedChunk;
import io.grpc.stub.ClientCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the coordinator, from several threads: on the session's stream, or on one beside it
 * once there is one. What is sent after the end vanishes.
 */
final class Outbox {
  private static final FromWorker CONTINUE =
      FromWorker.newBuilder().setContinue(Continue.getDefaultInstance()).build();

  private final Object sending = new Object();
  private @Nullable ClientCallStreamObserver<Frame<FromWorker>> stream;
  private @Nullable PeerStream beside;
  private volatile boolean over;

  /** To be called before the stream starts. */
  void begin(ClientCallStreamObserver<Frame<FromWorker>> call) {
    call.setOnReadyHandler(this::wakeSenders);
    stream = call;
  }

  /** Says on the session's stream that everything else comes on another, and sends it there. */
  void continueOn(PeerStream other) {
    synchronized (sending) {
      send(CONTINUE);
      beside = other;
      sending.notifyAll();
    }
  }

  /** Whether nothing more is sent. */
  boolean isOver() {
    return over;
  }

  void send(FromWorker message) {
    synchronized (sending) {
      if (over) {
        return;
      }
      if (beside != null) {
        beside.send(message);
      } else if (stream != null) {
        stream.onNext(new Frame.Message<>(message));
      }
    }
  }

  /** A stream takes one message at a time; threads take turns. */
  void send(SharedChunk shared) {
    synchronized (sending) {
      if (over) {
        return;
      }
      if (beside != null) {
        beside.send(shared.packet());
      } else if (stream != null) {
        stream.onNext(new Frame.Values<>(shared.chunk()));
      }
    }
  }

  /** Whether {@link #awaitReady} would return at once. */
  boolean isReady() {
    synchronized (sending) {
      return over || (beside != null ? beside.isReady() : stream == null || stream.isReady());
    }
  }

  /** Waits until the socket has taken most of what was sent, or the stream is over. */
  void awaitReady() throws InterruptedException {
    synchronized (sending) {
      while (!isReady()) {
        sending.wait();
      }
    }
  }

  /** To be called when the stream beside the session's may be ready. */
  void wakeSenders() {
    synchronized (sending) {
      sending.notifyAll();
    }
  }

  /** Ends the stream from our side once everything is sent, unless the other is to end it. */
  void complete() {
    synchronized (sending) {
      if (!over && stream != null && beside == null) {
        stream.onCompleted();
      }
    }
  }

  /** Ends the stream from our side at once; on the event loop. */
  void cancel(String reason) {
    if (!over && stream != null) {
      stream.cancel(reason, null);
    }
  }

  /** Notes the end of the stream; true for the first to do so. */
  boolean end() {
    synchronized (sending) {
      boolean first = !over;
      over = true;
      sending.notifyAll();
      return first;
    }
  }
}
