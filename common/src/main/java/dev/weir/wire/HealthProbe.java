package dev.weir.wire;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks {@code grpc.health.v1.Health/Check} of a {@link HealthServer}, in plaintext. */
public final class HealthProbe {
  private HealthProbe() {}

  /**
   * What is wrong with the process that answers at {@code address}; empty if nothing is.
   *
   * @param service "" to ask whether it lives, "ready" whether it does its work
   * @param patience how long to wait for the answer
   */
  public static Optional<String> ask(InetSocketAddress address, String service, Duration patience) {
    try (EventLoop loop = new EventLoop("weir-health-probe")) {
      ManagedChannel channel = Transport.channel(address, null, loop, new WireBytes());
      try {
        ServingStatus status =
            HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
        return status == ServingStatus.SERVING ? Optional.empty() : Optional.of(status.toString());
      } catch (StatusRuntimeException e) {
        return Optional.of(NetworkReason.of(e.getStatus()));
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
