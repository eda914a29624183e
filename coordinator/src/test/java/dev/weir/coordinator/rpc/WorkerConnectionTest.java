package dev.weir.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.FromCoordinator;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Frame;
import dev.weir.wire.ValueChunk;
import io.grpc.stub.ServerCallStreamObserver;
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
