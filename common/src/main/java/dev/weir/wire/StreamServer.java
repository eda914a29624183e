package dev.weir.wire;

import dev.weir.problem.UserException;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Serves a method of {@code training.proto}: a stream for each caller who knows the token. */
public final class StreamServer implements AutoCloseable {
  private static final Context.Key<SocketAddress> REMOTE = Context.key("remote");
  private static final int CLOSE_SECONDS = 2;

  /** Takes the messages of a stream. */
  public interface Served extends StreamObserver<Frame<FromWorker>> {
    /** By now the caller must have said who it is. */
    void expire();
  }

  /** Takes a new stream. */
  public interface Opener {
    /** What takes the messages that come in answer to what is sent on {@code stream}. */
    Served open(ServerCallStreamObserver<Frame<FromCoordinator>> stream, Caller caller);
  }

  /**
   * Who has opened a stream.
   *
   * @param address how messages name it
   * @param turnedAway to be told if it is not let in
   * @param cut ends the connection, and all streams on it, after the current callback
   */
  public record Caller(String address, TurnedAway turnedAway, Runnable cut) {}

  private final Door door;
  private final EventLoop loop;
  private final Opener opener;
  private final Connections connections = new Connections();
  private final TurnedAway turnedAway = new TurnedAway(System::nanoTime);
  private final Server server;

  /**
   * Begins to listen.
   *
   * @param remedy what to do if that is not possible
   * @throws UserException if the address cannot be listened on
   */
  public StreamServer(
      InetSocketAddress address,
      Door door,
      EventLoop loop,
      WireBytes bytes,
      MethodDescriptor<Frame<FromWorker>, Frame<FromCoordinator>> method,
      Opener opener,
      String remedy) {
    this.door = door;
    this.loop = loop;
    this.opener = opener;
    this.server =
        Transport.server(address, door.credentials(), door.patience(), loop, bytes, connections)
            .addService(
                ServerInterceptors.intercept(
                    service(method), new TokenCheck(door.token(), turnedAway)))
            .build();
    Transport.start(server, address, remedy);
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** All that is served here. */
  public List<ServerServiceDefinition> services() {
    return server.getServices();
  }

  private ServerServiceDefinition service(
      MethodDescriptor<Frame<FromWorker>, Frame<FromCoordinator>> method) {
    ServerCallHandler<Frame<FromWorker>, Frame<FromCoordinator>> streams =
        ServerCalls.asyncBidiStreamingCall(this::open);
    return ServerServiceDefinition.builder(String.valueOf(method.getServiceName()))
        .addMethod(
            method,
            (call, headers) ->
                Contexts.interceptCall(
                    Context.current()
                        .withValue(
                            REMOTE, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                    call,
                    headers,
                    streams))
        .build();
  }

  private Served open(StreamObserver<Frame<FromCoordinator>> stream) {
    SocketAddress remote = REMOTE.get();
    Served served =
        opener.open(
            (ServerCallStreamObserver<Frame<FromCoordinator>>) stream,
            new Caller(
                TurnedAway.name(remote),
                turnedAway,
                () -> loop.executor().execute(() -> connections.cut(remote))));
    var unused =
        loop.executor().schedule(served::expire, door.patience().toNanos(), TimeUnit.NANOSECONDS);
    return served;
  }

  /** Stops listening and gives open streams a moment to end. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Stops listening and ends all streams at once. */
  public void closeNow() {
    server.shutdownNow();
  }
}
