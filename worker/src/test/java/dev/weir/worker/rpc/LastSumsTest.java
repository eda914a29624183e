package dev.weir.worker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Assign;
import dev.weir.proto.Finish;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Welcome;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.StreamServer;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import io.grpc.stub.ServerCallStreamObserver;
import java.net.InetSocketAddress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The last step's sums, from other workers, may come after the coordinator's last word. */
@Timeout(60)
class LastSumsTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final int[] SUMS = {3, 1, 4, 1};

  @Test
  void sumsThatHaveComeSinceTheLastWordAreApplied() throws Exception {
    try (EventLoop loop = new EventLoop("last-sums-test");
        StreamServer server =
            new StreamServer(
                new InetSocketAddress("127.0.0.1", 0),
                new Door(TOKEN, null),
                loop,
                new WireBytes(),
                Protocol.SESSION,
                (stream, caller) -> new Coordinator(stream),
                "");
        CoordinatorLink link =
            new CoordinatorLink(
                new Endpoint(new InetSocketAddress("127.0.0.1", server.port()), TOKEN, null),
                "late")) {
      Instruction.Welcome welcome = (Instruction.Welcome) link.next();
      link.ready(welcome, SUMS.length, SumFormat.FIXED32, 0, 0, null);
      assertThat(link.next(0)).isInstanceOf(Instruction.Compute.class);
      Awaitility.await().until(() -> link.isEnded(0));

      assertThat(link.next(0))
          .isInstanceOfSatisfying(
              Instruction.Commit.class, commit -> assertThat(commit.sums()).isEqualTo(SUMS));
      assertThat(link.next(1)).isInstanceOf(Instruction.Finish.class);
    }
  }

  /** Assigns one step, says that all is done, and only then gives the sums. */
  private record Coordinator(ServerCallStreamObserver<Frame<FromCoordinator>> stream)
      implements StreamServer.Served {
    @Override
    public void onNext(Frame<FromWorker> frame) {
      FromWorker message = ((Frame.Message<FromWorker>) frame).message();
      if (message.hasJoin()) {
        Welcome welcome = Welcome.newBuilder().setWorker(1).setChunkLength(SUMS.length).build();
        send(FromCoordinator.newBuilder().setWelcome(welcome));
      } else if (message.hasReady()) {
        send(FromCoordinator.newBuilder().setAssign(Assign.newBuilder().addShards(0)));
        send(FromCoordinator.newBuilder().setFinish(Finish.newBuilder().setReason("all is done")));
        stream.onNext(
            new Frame.Values<>(new ValueChunk(0, 0, 0, SUMS, 0, SUMS.length, SumFormat.FIXED32)));
      }
    }

    private void send(FromCoordinator.Builder message) {
      stream.onNext(new Frame.Message<>(message.build()));
    }

    @Override
    public void expire() {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
