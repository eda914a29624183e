package dev.weir.coordinator.rpc;

import dev.weir.problem.UserException;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.wire.Connections;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.TokenCheck;
import dev.weir.wire.Transport;
import dev.weir.wire.TurnedAway;
import dev.weir.wire.WireBytes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Listens for workers and turns their streams into calls of a {@link SessionListener}. */
public final class TrainingServer implements AutoCloseable {
  private static final Context.Key<SocketAddress> REMOTE = Context.key("remote");

  private final SessionListener listener;
  private final EventLoop loop;
  private final Duration patience;
  private final String host;
  private final Connections connections = new Connections();
  private final TurnedAway turnedAway = new TurnedAway(System::nanoTime);
  private final Server server;
  private int workers;

  /**
   * Begins to listen.
   *
   * @param door what lets a worker in
   * @throws UserException if the address cannot be listened on
   */
  public TrainingServer(
      InetSocketAddress address,
      Door door,
      EventLoop loop,
      WireBytes bytes,
      SessionListener listener) {
    this.listener = listener;
    this.loop = loop;
    this.patience = door.patience();
    this.host = address.getHostString();
    this.server =
        Transport.server(address, door.credentials(), door.patience(), loop, bytes, connections)
            .addService(
                ServerInterceptors.intercept(service(), new TokenCheck(door.token(), turnedAway)))
            .build();
    Transport.start(
        server,
        address,
        "Choose another port with --listen, or --port of 'weir train'; 0 is any free one.");
  }

  /** Where it listens, as host:port. */
  public String address() {
    return host + ":" + server.getPort();
  }

  /** All that is served here. */
  List<ServerServiceDefinition> services() {
    return server.getServices();
  }

  private ServerServiceDefinition service() {
    ServerCallHandler<Frame<FromWorker>, Frame<FromCoordinator>> streams =
        ServerCalls.asyncBidiStreamingCall(this::open);
    return ServerServiceDefinition.builder(Protocol.SERVICE)
        .addMethod(
            Protocol.SESSION,
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

  private StreamObserver<Frame<FromWorker>> open(StreamObserver<Frame<FromCoordinator>> stream) {
    ServerCallStreamObserver<Frame<FromCoordinator>> call =
        (ServerCallStreamObserver<Frame<FromCoordinator>>) stream;
    SocketAddress remote = REMOTE.get();
    WorkerConnection connection =
        new WorkerConnection(
            ++workers,
            TurnedAway.name(remote),
            call,
            () -> loop.executor().execute(() -> connections.cut(remote)));
    Session session = new Session(connection, listener, turnedAway, call);
    var unused =
        loop.executor().schedule(session::expire, patience.toNanos(), TimeUnit.NANOSECONDS);
    return session;
  }

  /** Stops listening and gives open streams a moment to end. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
