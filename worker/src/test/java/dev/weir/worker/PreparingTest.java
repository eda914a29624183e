package dev.weir.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Finish;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Prepare;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.StreamServer;
import dev.weir.wire.WireBytes;
import dev.weir.worker.gradient.Pace;
import io.grpc.stub.ServerCallStreamObserver;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A coordinator that goes away while it chooses the mask is expected back. */
@Timeout(60)
class PreparingTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final String JOB = "model: {layers: 1}\n";

  private int joins;

  @Test
  void aWorkerThatWasToldTheJobDialsAgain() throws Exception {
    try (EventLoop loop = new EventLoop("preparing-test");
        StreamServer server =
            new StreamServer(
                new InetSocketAddress("127.0.0.1", 0),
                new Door(TOKEN, null),
                loop,
                new WireBytes(),
                Protocol.SESSION,
                (stream, caller) -> new Coordinator(stream),
                "")) {
      Endpoint endpoint =
          new Endpoint(new InetSocketAddress("127.0.0.1", server.port()), TOKEN, null);
      Worker worker =
          new Worker(
              endpoint, "early", 0, "cpu", null, Pace.NONE, new Serving(endpoint, null, false));

      assertThat(worker.run()).isTrue();
      assertThat(joins).isEqualTo(2);
    }
  }

  /** Tells the job and goes away; the second time, says that all is done. */
  private final class Coordinator implements StreamServer.Served {
    private final ServerCallStreamObserver<Frame<FromCoordinator>> stream;

    Coordinator(ServerCallStreamObserver<Frame<FromCoordinator>> stream) {
      this.stream = stream;
    }

    @Override
    public void onNext(Frame<FromWorker> frame) {
      joins++;
      FromCoordinator.Builder answer = FromCoordinator.newBuilder();
      if (joins == 1) {
        answer.setPrepare(Prepare.newBuilder().setJob(JOB));
      } else {
        answer.setFinish(Finish.newBuilder().setReason("all is done"));
      }
      stream.onNext(new Frame.Message<>(answer.build()));
      stream.onCompleted();
    }

    @Override
    public void expire() {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
