package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Alive;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.sum.SumFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LargeFramesTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final int VALUES = 125_000;

  @Test
  void aChunkTravelsInOneFrameEachWay() throws Exception {
    WireBytes serverBytes = new WireBytes();
    WireBytes clientBytes = new WireBytes();
    try (EventLoop loop = new EventLoop("large-frames-test");
        StreamServer server =
            new StreamServer(
                new InetSocketAddress("127.0.0.1", 0),
                new Door(TOKEN, null),
                loop,
                serverBytes,
                Protocol.SESSION,
                (stream, caller) -> new Echoing(stream),
                "")) {
      ManagedChannel channel =
          Transport.channel(
              new InetSocketAddress("127.0.0.1", server.port()), null, loop, clientBytes);
      BlockingQueue<Frame<FromCoordinator>> answers = new LinkedBlockingQueue<>();
      StreamObserver<Frame<FromWorker>> stream =
          Streams.open(channel, TOKEN, Protocol.SESSION, CallOptions.DEFAULT, new Queue(answers));
      stream.onNext(
          new Frame.Message<>(
              FromWorker.newBuilder().setAlive(Alive.getDefaultInstance()).build()));
      assertThat(answers.poll(30, TimeUnit.SECONDS)).isNotNull();
      long sent = clientBytes.sent();
      long answered = serverBytes.sent();

      stream.onNext(
          new Frame.Values<>(
              new ValueChunk(1, 0, 0, new int[VALUES], 0, VALUES, SumFormat.FIXED32)));
      assertThat(answers.poll(30, TimeUnit.SECONDS)).isNotNull();

      // In frames of 16 KiB, headers alone are 279 bytes.
      assertThat(clientBytes.sent() - sent).isBetween(4L * VALUES, 4L * VALUES + 100);
      assertThat(serverBytes.sent() - answered).isBetween(4L * VALUES, 4L * VALUES + 100);
      channel.shutdownNow();
    }
  }

  /** Sends back what it gets. */
  private record Echoing(ServerCallStreamObserver<Frame<FromCoordinator>> stream)
      implements StreamServer.Served {
    @Override
    public void onNext(Frame<FromWorker> frame) {
      stream.onNext(
          frame instanceof Frame.Values<FromWorker> values
              ? new Frame.Values<>(values.chunk())
              : new Frame.Message<>(
                  FromCoordinator.newBuilder().setAlive(Alive.getDefaultInstance()).build()));
    }

    @Override
    public void expire() {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }

  private record Queue(BlockingQueue<Frame<FromCoordinator>> answers)
      implements StreamObserver<Frame<FromCoordinator>> {
    @Override
    public void onNext(Frame<FromCoordinator> frame) {
      answers.add(frame);
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
