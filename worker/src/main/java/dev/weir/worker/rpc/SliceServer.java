package dev.weir.worker.rpc;

import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.wire.Connections;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.TokenCheck;
import dev.weir.wire.Transport;
import dev.weir.wire.TurnedAway;
import dev.weir.wire.WireBytes;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for other workers, behind the coordinator's door, and hands on what they contribute. */
final class SliceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SliceServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SliceOwner owner;
  private final long life;
  private final Server server;

  /**
   * Begins to listen.
   *
   * @param door token and certificates
   * @param life of the coordinator, which others must share
   * @throws dev.weir.problem.UserException if the address cannot be listened on
   */
  SliceServer(
      InetSocketAddress address,
      Endpoint door,
      long life,
      EventLoop loop,
      WireBytes bytes,
      SliceOwner owner) {
    this.owner = owner;
    this.life = life;
    this.server =
        Transport.server(address, door.credentials(), PATIENCE, loop, bytes, new Connections())
            .addService(
                ServerInterceptors.intercept(
                    service(), new TokenCheck(door.token(), new TurnedAway(System::nanoTime))))
            .build();
    Transport.start(server, address, "Choose another address or port with --listen.");
  }

  /** The port it listens on. */
  int port() {
    return server.getPort();
  }

  private ServerServiceDefinition service() {
    return ServerServiceDefinition.builder(Protocol.EXCHANGE_SERVICE)
        .addMethod(Protocol.SLICE, ServerCalls.asyncBidiStreamingCall(Contributor::new))
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** One stream: who it is, and then what it contributes. */
  private final class Contributor implements StreamObserver<Frame<FromWorker>> {
    private final StreamObserver<Frame<FromCoordinator>> stream;
    private int worker = -1;
    private boolean over;

    Contributor(StreamObserver<Frame<FromCoordinator>> stream) {
      this.stream = stream;
      ((ServerCallStreamObserver<Frame<FromCoordinator>>) stream).setOnCancelHandler(this::end);
    }

    @Override
    public void onNext(Frame<FromWorker> frame) {
      if (over) {
        return;
      }
      try {
        take(frame);
      } catch (IllegalArgumentException e) {
        log.warn("worker {} broke the protocol: {}", worker, e.getMessage());
        end();
        stream.onError(
            Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
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
          case CONTRIBUTION -> owner.begin(worker, message.getContribution());
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
      owner.greet(worker, stream);
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
      owner.gone(worker, stream);
    }
  }
}
