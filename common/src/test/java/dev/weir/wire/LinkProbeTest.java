package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.proto.Echo;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Probe;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over the loopback device, to a peer that answers as late as if it were far away. */
@Timeout(30)
class LinkProbeTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final EventLoop loop = new EventLoop("link-probe-test");
  private final StreamServer server =
      new StreamServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          new Door(TOKEN, null),
          loop,
          new WireBytes(),
          Protocol.SESSION,
          (stream, caller) -> new Far(stream),
          "");
  private long roundTripNs;
  private double sentNs;
  private double receivedNs;
  private int answers = Integer.MAX_VALUE;

  /** Answers probes after the time that they would have taken. */
  private final class Far implements StreamServer.Served {
    private final StreamObserver<Frame<FromCoordinator>> stream;

    Far(StreamObserver<Frame<FromCoordinator>> stream) {
      this.stream = stream;
    }

    @Override
    public void onNext(Frame<FromWorker> frame) {
      if (answers-- > 0) {
        Probe probe = ((Frame.Message<FromWorker>) frame).message().getProbe();
        double way =
            roundTripNs + probe.getPadding().size() * sentNs + probe.getEchoBytes() * receivedNs;
        Echo.Builder echo =
            Echo.newBuilder()
                .setNumber(probe.getNumber())
                .setPadding(ByteString.copyFrom(new byte[probe.getEchoBytes()]));
        var unused =
            loop.executor()
                .schedule(
                    () ->
                        stream.onNext(
                            new Frame.Message<>(
                                FromCoordinator.newBuilder().setEcho(echo).build())),
                    (long) way,
                    TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}

    @Override
    public void expire() {}
  }

  @AfterEach
  void close() {
    server.close();
    loop.close();
  }

  private Endpoint endpoint(int port, String token) {
    return new Endpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), token, null);
  }

  @Test
  void aWayOnThisMachineIsFast() throws Exception {
    Link link = LinkProbe.of(endpoint(server.port(), TOKEN));
    assertThat(link).isNotNull();
    assertThat(link.slowerPerSecond()).isGreaterThan(1_000_000);
  }

  /** 5 ms, 8 Mbit/s up and 80 Mbit/s down; a busy machine can only seem slower. */
  @Test
  void roundTripAndBothRatesAreTold() throws Exception {
    roundTripNs = 5_000_000;
    sentNs = 1_000;
    receivedNs = 100;
    Link link = LinkProbe.of(endpoint(server.port(), TOKEN));
    assertThat(link).isNotNull();
    assertThat(link.roundTripNs()).isBetween(5_000_000L, 500_000_000L);
    assertThat(link.sentPerSecond()).isBetween(50_000L, 2_000_000L);
    assertThat(link.receivedPerSecond()).isBetween(500_000L, 20_000_000L);
    assertThat(link.receivedPerSecond()).isGreaterThan(link.sentPerSecond());
  }

  @Test
  void whoNeverAnswersIsNotKnown() throws Exception {
    answers = 0;
    assertThat(LinkProbe.of(endpoint(server.port(), TOKEN), PATIENCE, PATIENCE)).isNull();
  }

  @Test
  void whoStopsAnsweringIsNotKnown() throws Exception {
    answers = 10;
    assertThat(LinkProbe.of(endpoint(server.port(), TOKEN), PATIENCE, PATIENCE)).isNull();
  }

  @Test
  void whoRefusesIsNotKnown() throws Exception {
    assertThat(LinkProbe.of(endpoint(server.port(), "fedcba9876543210"), PATIENCE, PATIENCE))
        .isNull();
  }

  @Test
  void aPortThatAcceptsAndIsSilentIsNotKnown() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(LinkProbe.of(endpoint(silent.getLocalPort(), TOKEN), PATIENCE, PATIENCE)).isNull();
    }
  }
}
