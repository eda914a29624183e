package dev.weir.worker.rpc;

import dev.weir.proto.FromWorker;
import dev.weir.wire.Frame;
import io.grpc.stub.ClientCallStreamObserver;
import org.jspecify.annotations.Nullable;

/** The sending half of a stream, for several threads. What is sent after its end vanishes. */
final class Outbox {
  private final Object sending = new Object();
  private @Nullable ClientCallStreamObserver<Frame<FromWorker>> stream;
  private volatile boolean over;

  /** To be called before the stream starts. */
  void begin(ClientCallStreamObserver<Frame<FromWorker>> call) {
    call.setOnReadyHandler(this::wakeSenders);
    stream = call;
  }

  /** Whether nothing more is sent. */
  boolean isOver() {
    return over;
  }

  void send(FromWorker message) {
    send(new Frame.Message<>(message));
  }

  /** A stream takes one message at a time; threads take turns. */
  void send(Frame<FromWorker> frame) {
    synchronized (sending) {
      if (!over && stream != null) {
        stream.onNext(frame);
      }
    }
  }

  /** Whether {@link #awaitReady} would return at once. */
  boolean isReady() {
    synchronized (sending) {
      return over || stream == null || stream.isReady();
    }
  }

  /** Waits until the socket has taken most of what was sent, or the stream is over. */
  void awaitReady() throws InterruptedException {
    synchronized (sending) {
      while (!over && stream != null && !stream.isReady()) {
        sending.wait();
      }
    }
  }

  private void wakeSenders() {
    synchronized (sending) {
      sending.notifyAll();
    }
  }

  /** Ends the stream from our side once everything is sent. */
  void complete() {
    synchronized (sending) {
      if (!over && stream != null) {
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
