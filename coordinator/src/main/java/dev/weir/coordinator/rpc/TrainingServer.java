package dev.weir.coordinator.rpc;

import dev.weir.cli.Addresses;
import dev.weir.problem.UserException;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.StreamServer;
import dev.weir.wire.WireBytes;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Listens for workers and turns their streams into calls of a {@link SessionListener}. */
public final class TrainingServer implements AutoCloseable {
  /** Much longer than measuring takes. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(3);

  private final Door door;
  private final EventLoop loop;
  private final WireBytes bytes;
  private final SessionListener listener;
  private final String host;
  private final StreamServer server;
  private final ProbeTurns probes;
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
    this.door = door;
    this.loop = loop;
    this.bytes = bytes;
    this.listener = listener;
    this.host = address.getHostString();
    this.probes = new ProbeTurns(loop.executor(), LONGEST_TURN);
    this.server =
        new StreamServer(
            address,
            door,
            loop,
            bytes,
            Protocol.SESSION,
            this::open,
            "Choose another port with --listen, or --port of 'weir train'; 0 is any free one.");
  }

  /** Where it listens, as host:port. */
  public String address() {
    return host + ":" + server.port();
  }

  /** All that is served here. */
  List<ServerServiceDefinition> services() {
    return server.services();
  }

  private Session open(
      ServerCallStreamObserver<Frame<FromCoordinator>> stream, StreamServer.Caller caller) {
    WorkerConnection connection = new WorkerConnection(caller.address(), stream, caller.cut());
    return new Session(
        connection, listener, caller.turnedAway(), () -> ++workers, probes, this::dial, stream);
  }

  private StreamBeside dial(
      String address,
      Greet greet,
      WorkerConnection connection,
      Consumer<Frame<FromWorker>> session,
      Consumer<String> broken) {
    Endpoint worker =
        new Endpoint(
            Addresses.parseUnresolved(connection.toString(), address),
            door.token(),
            door.credentials());
    return new StreamBeside(worker, greet, loop, bytes, connection, session, broken);
  }

  @Override
  public void close() {
    server.close();
  }
}
