package dev.weir.worker;

import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Welcome;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.StreamServer;
import dev.weir.wire.WireBytes;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;

/** Listens on this machine as a coordinator does, and answers what a test wants. */
public final class FakeCoordinator implements AutoCloseable {
  private static final String TOKEN = "0123456789abcdef";

  private final EventLoop loop = new EventLoop("fake-coordinator");
  private final StreamServer server;

  /** What it answers. */
  public interface Script {
    /** Takes a message of some stream; on the event loop. */
    void take(FromWorker message, StreamObserver<Frame<FromCoordinator>> answers);
  }

  /** Begins to listen. */
  public FakeCoordinator(Script script) {
    server =
        new StreamServer(
            new InetSocketAddress("127.0.0.1", 0),
            new Door(TOKEN, null),
            loop,
            new WireBytes(),
            Protocol.SESSION,
            (stream, caller) -> new Stream(script, stream),
            "");
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return new Endpoint(new InetSocketAddress("127.0.0.1", server.port()), TOKEN, null);
  }

  /** Sends a message. */
  public static void send(
      StreamObserver<Frame<FromCoordinator>> answers, FromCoordinator.Builder message) {
    answers.onNext(new Frame.Message<>(message.build()));
  }

  /** Lets a worker in. */
  public static void welcome(StreamObserver<Frame<FromCoordinator>> answers, int chunkLength) {
    Welcome.Builder welcome = Welcome.newBuilder().setWorker(1).setChunkLength(chunkLength);
    send(answers, FromCoordinator.newBuilder().setWelcome(welcome));
  }

  @Override
  public void close() {
    server.close();
    loop.close();
  }

  private record Stream(Script script, StreamObserver<Frame<FromCoordinator>> answers)
      implements StreamServer.Served {
    @Override
    public void onNext(Frame<FromWorker> frame) {
      if (frame instanceof Frame.Message<FromWorker> message) {
        script.take(message.message(), answers);
      }
    }

    @Override
    public void expire() {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
