package dev.weir.coordinator.rpc;

import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.PeerStream;
import dev.weir.wire.WireBytes;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream without gRPC to a worker that serves others, on which its session goes on if it can be
 * reached there: see {@code Continue} in {@code training.proto}. On the event loop only.
 */
final class StreamBeside implements PeerStream.Listener<FromWorker>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamBeside.class);

  private final Endpoint worker;
  private final WorkerConnection connection;
  private final Consumer<Frame<FromWorker>> session;
  private final Consumer<String> broken;
  private final PeerStream stream;
  private boolean sends;
  private boolean receives;

  /**
   * Dials the worker.
   *
   * @param greet by which the worker knows this coordinator; without the token
   * @param connection goes on here once the worker has answered
   * @param session takes what the worker sends
   * @param broken told why, if it ends after the session has gone on here
   */
  StreamBeside(
      Endpoint worker,
      Greet greet,
      EventLoop loop,
      WireBytes bytes,
      WorkerConnection connection,
      Consumer<Frame<FromWorker>> session,
      Consumer<String> broken) {
    this.worker = worker;
    this.connection = connection;
    this.session = session;
    this.broken = broken;
    this.stream =
        PeerStream.dial(
            worker.address(),
            worker.credentials(),
            loop,
            bytes,
            FromWorker.getDefaultInstance(),
            this);
    Greet.Builder shown = greet.toBuilder().setToken(worker.token());
    stream.send(FromWorker.newBuilder().setGreet(shown).build());
  }

  @Override
  public void taken(Frame<FromWorker> frame) {
    if (receives) {
      session.accept(frame);
    } else if (!sends && isAlive(frame) && connection.isOpen()) {
      sends = true;
      stream.pause(); // Until it has come on the session that what follows comes here.
      connection.continueOn(stream);
    } else {
      stream.close();
      ended("what it sent there is neither an answer nor the session, or that has ended");
    }
  }

  private static boolean isAlive(Frame<FromWorker> frame) {
    return frame instanceof Frame.Message<FromWorker> message && message.message().hasAlive();
  }

  /**
   * The worker has said that it goes on here.
   *
   * @throws IllegalArgumentException if it was not asked to, or has said so before
   */
  void proceed() {
    if (!sends || receives) {
      throw new IllegalArgumentException("a Continue that was not asked for");
    }
    receives = true;
    log.debug("the session with {} goes on beside gRPC", connection);
    stream.resume();
  }

  @Override
  public void ended(String reason) {
    if (sends) {
      broken.accept(reason);
    } else {
      log.debug("the session with {} goes on as it is: {}: {}", connection, worker, reason);
    }
  }

  /** Whether the session has gone on here. */
  boolean isUsed() {
    return sends;
  }

  @Override
  public void close() {
    stream.close();
  }
}
