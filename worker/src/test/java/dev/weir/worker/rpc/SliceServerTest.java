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
import dev.weir.wire.Packet;
import dev.weir.wire.PeerStream;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
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
  private final Receiver receiver = new Receiver();
  private final SliceOwner owner =
      new SliceOwner(VALUES, VALUES, SHARDS, SumFormat.FIXED32, receiver);
  private final BlockingQueue<PeerStream> coordinators = new LinkedBlockingQueue<>();
  private SliceServer server = serve(Duration.ofSeconds(20));

  private SliceServer serve(Duration patience) {
    return serve(patience, (stream, greet) -> coordinators.add(stream));
  }

  private SliceServer serve(Duration patience, BiConsumer<PeerStream, Greet> coordinator) {
    return new SliceServer(
        new InetSocketAddress("127.0.0.1", 0),
        new Door(TOKEN, null, patience),
        LIFE,
        loop,
        new WireBytes(),
        owner,
        coordinator);
  }

  @AfterEach
  void stop() {
    server.close();
    loop.close();
  }

  @Test
  void sumsComeBackToWhoGreetsAndContributes() throws Exception {
    try (Caller caller = new Caller()) {
      caller.send(greet(LIFE));
      caller.send(contribution(0, 1));
      caller.send(chunk(VALUES));

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
    assertThat(refusal(List.of(greet(LIFE), contribution(0), chunk(1))))
        .contains("does not belong to 4 values");
  }

  @Test
  void whoLacksTheToken() throws Exception {
    try (Caller caller = new Caller()) {
      caller.send(greet(LIFE, 1, "fedcba9876543210"));
      assertThat(caller.refusal()).contains("join token");
    }
  }

  @Test
  void whoNeverSaysWhoItIs() throws Exception {
    server.close();
    server = serve(Duration.ofSeconds(1));
    try (Caller caller = new Caller()) {
      assertThat(caller.refusal()).isEqualTo("there was no Greet in time");
    }
  }

  @Test
  void aGreetingThatIsTooLong() throws Exception {
    assertThat(refusal(List.of(greet(LIFE, 1, "0".repeat(3_000)))))
        .isEqualTo("a message before Greet");
  }

  @Test
  void whoSpeaksHttp() throws Exception {
    String request =
        "GET /metrics HTTP/1.1\r\nHost: worker-1:7071\r\nUser-Agent: Prometheus\r\nAccept: */*\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("a message before Greet");
    }
  }

  @Test
  void theCoordinatorsStreamIsHandedOn() throws Exception {
    try (Caller caller = new Caller()) {
      caller.send(greet(LIFE, 0, TOKEN));
      assertThat(coordinators.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void aCoordinatorWithoutTheSessionsSecret() throws Exception {
    server.close();
    server = serve(Duration.ofSeconds(20), receiver::meet);
    assertThat(refusal(List.of(greet(LIFE, 0, TOKEN)))).contains("no session with");
  }

  private String refusal(List<Packet> messages) throws Exception {
    try (Caller caller = new Caller()) {
      messages.forEach(caller::send);
      return caller.refusal();
    }
  }

  private static Packet greet(long life) {
    return greet(life, 1, TOKEN);
  }

  private static Packet greet(long life, int worker, String token) {
    Greet greet = Greet.newBuilder().setLife(life).setWorker(worker).setToken(token).build();
    return Packet.of(FromWorker.newBuilder().setGreet(greet).build());
  }

  private static Packet contribution(Integer... shards) {
    Begin begin = Begin.newBuilder().addAllShards(List.of(shards)).build();
    return Packet.of(FromWorker.newBuilder().setBegin(begin).build());
  }

  private static Packet chunk(int length) {
    return Packet.of(new ValueChunk(0, 0, 0, new int[] {1, 2, 3, 4}, 0, length, SumFormat.FIXED32));
  }

  /** One that dials the server. */
  private final class Caller implements PeerStream.Listener<FromCoordinator>, AutoCloseable {
    private final EventLoop own = new EventLoop("caller");
    private final CompletableFuture<int[]> sums = new CompletableFuture<>();
    private final CompletableFuture<String> refusal = new CompletableFuture<>();
    private final PeerStream stream =
        PeerStream.dial(
            new InetSocketAddress("127.0.0.1", server.port()),
            null,
            own,
            new WireBytes(),
            FromCoordinator.getDefaultInstance(),
            this);

    void send(Packet packet) {
      stream.send(packet);
      packet.close();
    }

    String refusal() throws Exception {
      return refusal.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void taken(Frame<FromCoordinator> frame) {
      if (frame instanceof Frame.Values<FromCoordinator> values) {
        int[] copy = new int[values.chunk().length()];
        values.chunk().copyTo(copy, 0); // A chunk is a view for the length of this call.
        sums.complete(copy);
      } else if (frame instanceof Frame.Message<FromCoordinator> message) {
        refusal.complete(message.message().getRefuse().getReason());
      }
    }

    @Override
    public void ended(String reason) {
      refusal.completeExceptionally(new IllegalStateException(reason));
    }

    @Override
    public void close() {
      stream.close();
      own.close();
    }
  }
}
