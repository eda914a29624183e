package dev.weir.worker.rpc;

import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.StreamServer;
import dev.weir.wire.Unread;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for other workers, behind the coordinator's door, and hands on what they contribute. */
final class SliceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SliceServer.class);

  private final SliceOwner owner;
  private final long life;
  private final StreamServer server;

  /**
   * Begins to listen.
   *
   * @param life of the coordinator, which others must share
   * @throws dev.weir.problem.UserException if the address cannot be listened on
   */
  SliceServer(
      InetSocketAddress address,
      Door door,
      long life,
      EventLoop loop,
      WireBytes bytes,
      SliceOwner owner) {
    this.owner = owner;
    this.life = life;
    this.server =
        new StreamServer(
            address,
            door,
            loop,
            bytes,
            Protocol.SLICE,
            Contributor::new,
            "Choose another address or port with --listen.");
  }

  /** The port it listens on. */
  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.closeNow();
  }

  /** One stream: who it is, and then what it contributes; back go the sums. */
  private final class Contributor implements StreamServer.Served, Consumer<ValueChunk> {
    private final ServerCallStreamObserver<Frame<FromCoordinator>> stream;
    private final StreamServer.Caller caller;
    private final Unread unread;
    private int worker = -1;
    private volatile boolean over;

    Contributor(
        ServerCallStreamObserver<Frame<FromCoordinator>> stream, StreamServer.Caller caller) {
      this.stream = stream;
      this.caller = caller;
      this.unread = new Unread(stream);
      stream.setOnCancelHandler(this::end);
    }

    /** Sends sums, unless what was sent before is not read. One thread at a time. */
    @Override
    public void accept(ValueChunk sums) {
      if (!over && unread.isTooMuch(sums)) {
        over = true;
        log.warn("worker {} at {} is cut off: {}", worker, caller.address(), unread.reason());
        caller.cut().run();
      }
      if (!over) {
        stream.onNext(new Frame.Values<>(sums));
      }
    }

    @Override
    public void onNext(Frame<FromWorker> frame) {
      if (over) {
        return;
      }
      try {
        take(frame);
      } catch (IllegalArgumentException e) {
        refuse(String.valueOf(e.getMessage()));
      }
    }

    private void take(Frame<FromWorker> frame) {
      if (worker < 0 && !isGreeting(frame)) {
        throw new IllegalArgumentException("a message before Greet");
      }
      if (frame instanceof Frame.Values<FromWorker> values) {
        owner.add(worker, values.chunk());
      } else if (frame instanceof Frame.Malformed<FromWorker> malformed) {
        throw new IllegalArgumentException(malformed.reason());
      } else {
        FromWorker message = ((Frame.Message<FromWorker>) frame).message();
        switch (message.getMessageCase()) {
          case GREET -> greet(message.getGreet());
          case BEGIN -> owner.begin(worker, message.getBegin());
          default ->
              throw new IllegalArgumentException(message.getMessageCase() + " is not for owners");
        }
      }
    }

    private static boolean isGreeting(Frame<FromWorker> frame) {
      return frame instanceof Frame.Message<FromWorker> message && message.message().hasGreet();
    }

    private void greet(Greet greet) {
      if (greet.getLife() != life || worker >= 0 || greet.getWorker() < 0) {
        throw new IllegalArgumentException("a second Greet, or one of another coordinator's");
      }
      worker = greet.getWorker();
      owner.greet(worker, this);
    }

    @Override
    public void expire() {
      if (worker < 0 && !over) {
        refuse("there was no Greet in time");
      }
    }

    private void refuse(String reason) {
      if (worker < 0) {
        caller.turnedAway().note(caller.address(), reason);
      } else {
        log.warn("worker {} at {} broke the protocol: {}", worker, caller.address(), reason);
      }
      end();
      stream.onError(Status.INVALID_ARGUMENT.withDescription(reason).asRuntimeException());
    }

    @Override
    public void onError(Throwable error) {
      end();
    }

    @Override
    public void onCompleted() {
      end();
      stream.onCompleted();
    }

    private void end() {
      over = true;
      owner.gone(worker, this);
    }
  }
}
