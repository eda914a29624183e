package dev.weir.worker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Begin;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.Streams;
import dev.weir.wire.Transport;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other workers that do what they must not. */
@Timeout(30)
class SliceServerTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final long LIFE = 7;
  private static final int VALUES = 4;
  private static final int SHARDS = 2;

  private final EventLoop loop = new EventLoop("slice-server-test");
  private final SliceOwner owner =
      new SliceOwner(VALUES, VALUES, SHARDS, SumFormat.FIXED32, new Receiver());
  private SliceServer server = serve(Duration.ofSeconds(20));

  private SliceServer serve(Duration patience) {
    return new SliceServer(
        new InetSocketAddress("127.0.0.1", 0),
        new Door(TOKEN, null, patience),
        LIFE,
        loop,
        new WireBytes(),
        owner);
  }

  @AfterEach
  void stop() {
    server.close();
    loop.close();
  }

  @Test
  void sumsComeBackToWhoGreetsAndContributes() throws Exception {
    try (Caller caller = new Caller(TOKEN)) {
      caller.send(greet(LIFE));
      caller.send(contribution(0, 1));
      caller.send(new Frame.Values<>(chunk(VALUES)));

      int[] sums = caller.sums.get(20, TimeUnit.SECONDS);
      assertThat(sums).hasSize(VALUES).startsWith(1, 2, 3, 4);
    }
  }

  @Test
  void aMessageBeforeTheGreeting() throws Exception {
    assertThat(refusal(List.of(contribution(0)))).isEqualTo("a message before Greet");
  }

  @Test
  void aGreetingOfAnotherCoordinatorsWorker() throws Exception {
    assertThat(refusal(List.of(greet(LIFE + 1)))).contains("another coordinator's");
  }

  @Test
  void aShardThatDoesNotExist() throws Exception {
    assertThat(refusal(List.of(greet(LIFE), contribution(Integer.MAX_VALUE))))
        .isEqualTo("shard 2147483647 of 2");
    assertThat(refusal(List.of(greet(LIFE), contribution(-1)))).isEqualTo("shard 4294967295 of 2");
  }

  @Test
  void valuesOfNoShardAreNotAdded() throws Exception {
    assertThat(refusal(List.of(greet(LIFE), contribution())))
        .isEqualTo("a contribution of no shard");
  }

  @Test
  void aChunkThatDoesNotBelongToTheVector() throws Exception {
    assertThat(refusal(List.of(greet(LIFE), contribution(0), new Frame.Values<>(chunk(1)))))
        .contains("does not belong to 4 values");
  }

  @Test
  void whoLacksTheToken() throws Exception {
    try (Caller caller = new Caller("fedcba9876543210")) {
      assertThat(caller.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void whoNeverSaysWhoItIs() throws Exception {
    server.close();
    server = serve(Duration.ofSeconds(1));
    try (Caller caller = new Caller(TOKEN)) {
      assertThat(caller.end().getDescription()).isEqualTo("there was no Greet in time");
    }
  }

  private String refusal(List<Frame<FromWorker>> messages) throws Exception {
    try (Caller caller = new Caller(TOKEN)) {
      messages.forEach(caller::send);
      Status end = caller.end();
      assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      return end.getDescription();
    }
  }

  private static Frame<FromWorker> greet(long life) {
    Greet greet = Greet.newBuilder().setLife(life).setWorker(1).build();
    return new Frame.Message<>(FromWorker.newBuilder().setGreet(greet).build());
  }

  private static Frame<FromWorker> contribution(Integer... shards) {
    Begin begin = Begin.newBuilder().addAllShards(List.of(shards)).build();
    return new Frame.Message<>(FromWorker.newBuilder().setBegin(begin).build());
  }

  private static ValueChunk chunk(int length) {
    return new ValueChunk(0, 0, 0, new int[] {1, 2, 3, 4}, 0, length, SumFormat.FIXED32);
  }

  /** One that dials the server. */
  private final class Caller implements StreamObserver<Frame<FromCoordinator>>, AutoCloseable {
    private final EventLoop own = new EventLoop("caller");
    private final ManagedChannel channel =
        Transport.peerChannel(
            new InetSocketAddress("127.0.0.1", server.port()), null, own, new WireBytes());
    private final CompletableFuture<int[]> sums = new CompletableFuture<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final StreamObserver<Frame<FromWorker>> stream;

    Caller(String token) {
      stream = Streams.open(channel, token, Protocol.SLICE, CallOptions.DEFAULT, this);
    }

    void send(Frame<FromWorker> frame) {
      stream.onNext(frame);
    }

    Status end() throws Exception {
      return end.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(Frame<FromCoordinator> frame) {
      ValueChunk chunk = ((Frame.Values<FromCoordinator>) frame).chunk();
      int[] values = new int[chunk.length()];
      chunk.copyTo(values, 0); // A chunk is a view for the length of this call.
      sums.complete(values);
    }

    @Override
    public void onError(Throwable error) {
      end.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }

    @Override
    public void close() {
      channel.shutdownNow();
      own.close();
    }
  }
}
