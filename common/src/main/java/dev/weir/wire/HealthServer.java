package dev.weir.wire;

import dev.weir.problem.UserException;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Answers {@code grpc.health.v1.Health/Check}, as a kubelet's gRPC probes ask it: in plaintext, to
 * anybody, and nothing besides. The service named "" is whether the process lives, "ready" whether
 * it does its work.
 *
 * <p>It has a thread of its own, so that whoever asks too much delays no training.
 */
public final class HealthServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_QUESTION_BYTES = 1024;

  private final EventLoop loop = new EventLoop("weir-health");
  private final Server server;

  /**
   * Begins to listen.
   *
   * @param live whether the process lives; may block for a moment
   * @param ready whether it does its work; may block for a moment
   * @throws UserException if the address cannot be listened on
   */
  public HealthServer(InetSocketAddress address, BooleanSupplier live, BooleanSupplier ready) {
    this.server =
        Transport.server(address, null, PATIENCE, loop, new WireBytes(), new Connections())
            .maxInboundMessageSize(MAX_QUESTION_BYTES)
            .addService(new Answers(Map.of("", live, "ready", ready)))
            .build();
    try {
      Transport.start(server, address, "Choose another port with --health.");
    } catch (UserException e) {
      loop.close();
      throw e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
  }

  private static final class Answers extends HealthGrpc.HealthImplBase {
    private final Map<String, BooleanSupplier> services;

    Answers(Map<String, BooleanSupplier> services) {
      this.services = services;
    }

    @Override
    public void check(HealthCheckRequest question, StreamObserver<HealthCheckResponse> answer) {
      BooleanSupplier service = services.get(question.getService());
      if (service == null) {
        answer.onError(
            Status.NOT_FOUND
                .withDescription("the services are '' and 'ready'")
                .asRuntimeException());
        return;
      }
      ServingStatus status =
          service.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
      answer.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
      answer.onCompleted();
    }
  }
}
