package dev.weir.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.sum.SumFormat;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.PeerStream;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import io.grpc.stub.ServerCallStreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkerConnectionTest {
  private static final int CHUNK = 1 << 20;
  private static final int CHUNKS = 24;

  private final int[] sums = new int[CHUNK];
  private final AtomicBoolean cut = new AtomicBoolean();
  private final WorkerConnection connection =
      new WorkerConnection("somewhere", new NeverReady(), () -> cut.set(true));

  @Test
  void aVectorLargerThanTheUsualLimitMayBeOnItsWayToASlowReaderAndTheNextToo() {
    sendVector(0);
    sendVector(1);

    assertThat(cut).isFalse();
  }

  @Test
  void whoReadsNothingIsCutOff() {
    sendVector(0);
    sendVector(1);
    sendVector(2);

    assertThat(cut).isTrue();
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void whoReadsNothingBesideIsCutOffThere() throws Exception {
    EventLoop loop = new EventLoop("worker-connection-test");
    try (ServerSocket notReading = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> connected = new CompletableFuture<>();
      PeerStream beside =
          PeerStream.dial(
              (InetSocketAddress) notReading.getLocalSocketAddress(),
              null,
              loop,
              new WireBytes(),
              FromWorker.getDefaultInstance(),
              new PeerStream.Listener<>() {
                @Override
                public void taken(Frame<FromWorker> frame) {}

                @Override
                public void ready() {
                  connected.complete(null);
                }

                @Override
                public void ended(String reason) {}
              });
      connected.get(20, TimeUnit.SECONDS);
      connection.continueOn(beside);
      for (int i = 0; i < 100 && !cut.get(); i++) {
        connection.chunk(new ValueChunk(i, 0, 0, sums, 0, CHUNK, SumFormat.FIXED32));
      }
      assertThat(cut).isTrue();
      assertThat(beside.isOver()).isTrue();
    } finally {
      loop.close();
    }
  }

  private void sendVector(long step) {
    for (int i = 0; i < CHUNKS; i++) {
      connection.chunk(new ValueChunk(step, 0, i * CHUNK, sums, 0, CHUNK, SumFormat.FIXED32));
    }
  }

  /** A stream to somebody who does not read. */
  private static final class NeverReady extends ServerCallStreamObserver<Frame<FromCoordinator>> {
    @Override
    public boolean isReady() {
      return false;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void onNext(Frame<FromCoordinator> frame) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
