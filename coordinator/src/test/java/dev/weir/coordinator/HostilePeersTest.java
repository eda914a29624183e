package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.proto.Assign;
import dev.weir.proto.Chunk;
import dev.weir.proto.Contribution;
import dev.weir.proto.Fault;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Join;
import dev.weir.proto.Link;
import dev.weir.proto.Probe;
import dev.weir.wire.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Peers that break the protocol. Each is refused with a reason, and an honest worker then goes on
 * to the same bits as in a run without them.
 */
@Timeout(90)
class HostilePeersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private TinyRun run;
  private FakeWorker hostile;

  @BeforeEach
  void start() {
    run = new TinyRun(folder.resolve("run"), 1, PATIENCE);
    hostile = run.worker("hostile");
  }

  @AfterEach
  void stop() {
    hostile.close();
    run.close();
  }

  private static String undisturbed(Path folder) throws Exception {
    try (TinyRun run = new TinyRun(folder, 1, PATIENCE);
        FakeWorker honest = run.worker("honest")) {
      honest.begin().work();
      return run.digestAtTheEnd();
    }
  }

  private void refused(String reason) throws Exception {
    assertThat(hostile.refusal()).contains(reason);
    goesOn();
  }

  private void goesOn() throws Exception {
    try (FakeWorker honest = run.worker("honest")) {
      honest.begin().work();
      assertThat(honest.state.digest()).isEqualTo(run.digestAtTheEnd());
    }
    assertThat(run.digestAtTheEnd()).isEqualTo(undisturbed(folder.resolve("undisturbed")));
  }

  private Assign assigned() throws InterruptedException {
    return hostile.begin().assignment();
  }

  private void sendContribution(Contribution.Builder contribution) {
    hostile.send(FromWorker.newBuilder().setContribution(contribution));
  }

  private void sendChunk(Chunk.Builder chunk) {
    hostile.send(FromWorker.newBuilder().setChunk(chunk));
  }

  @Test
  void aWrongToken() throws Exception {
    hostile.close();
    hostile = new FakeWorker(run.port(), "fedcba9876543210", "hostile");
    refused("token");
  }

  @Test
  void aMessageBeforeJoin() throws Exception {
    hostile.send(FromWorker.newBuilder().setReady(hostile.digests("")));
    refused("before Join");
  }

  @Test
  void anotherProtocol() throws Exception {
    hostile.send(
        FromWorker.newBuilder().setJoin(Join.newBuilder().setProtocol(99).setName("hostile")));
    refused("protocol 99");
  }

  @Test
  void aSecondJoin() throws Exception {
    hostile.join();
    hostile.send(
        FromWorker.newBuilder()
            .setJoin(Join.newBuilder().setProtocol(Protocol.VERSION).setName("hostile")));
    refused("second Join");
  }

  @Test
  void aNameThatWouldSpoilALog() throws Exception {
    hostile.send(
        FromWorker.newBuilder()
            .setJoin(
                Join.newBuilder().setProtocol(Protocol.VERSION).setName("x\n[run is finished]")));
    refused("name");
  }

  @Test
  void anotherMask() throws Exception {
    hostile.join();
    hostile.send(FromWorker.newBuilder().setReady(hostile.digests("another")));
    refused("mask has digest another");
  }

  @Test
  void anotherModel() throws Exception {
    hostile.join();
    hostile.send(
        FromWorker.newBuilder()
            .setReady(hostile.digests(TinyRun.maskDigest()).setModelDigest("another")));
    refused("model has digest another");
  }

  @Test
  void otherData() throws Exception {
    hostile.join();
    hostile.send(
        FromWorker.newBuilder()
            .setReady(hostile.digests(TinyRun.maskDigest()).setDataDigest("another")));
    refused("data has digest another");
  }

  @ParameterizedTest
  @CsvSource({"0,1,1", "-1,1,1", "60000000001,1,1", "1,0,1", "1,1,-1", "1,10000000000001,1"})
  void aLinkThatCannotBe(long roundTripNs, long sent, long received) throws Exception {
    hostile.join();
    hostile.send(
        FromWorker.newBuilder()
            .setReady(
                hostile
                    .digests(TinyRun.maskDigest())
                    .setLink(
                        Link.newBuilder()
                            .setRoundTripNs(roundTripNs)
                            .setSentBytesPerSecond(sent)
                            .setReceivedBytesPerSecond(received))));
    refused("a link with a round trip of " + Long.toUnsignedString(roundTripNs) + " ns");
  }

  @Test
  void aContributionBeforeReady() throws Exception {
    hostile.join();
    sendContribution(hostile.contribution(Assign.newBuilder().addShards(0).build()));
    refused("assigned to it are none");
  }

  @Test
  void aChunkBeforeItsContribution() throws Exception {
    hostile.sendChunk(assigned(), 0);
    refused("before the contribution");
  }

  @Test
  void aChunkTwice() throws Exception {
    Assign assign = assigned();
    hostile.contribute(assign, assign.getShardsList());
    hostile.sendChunk(assign, 4);
    hostile.sendChunk(assign, 4);
    refused("chunk 1 of 3 twice");
  }

  @Test
  void aFirstChunkBeforeTheContributionIsMade() throws Exception {
    Assign assign = assigned();
    hostile.begin(assign, assign.getShardsList());
    hostile.sendChunk(assign, 8);
    hostile.sendChunk(assign, 0);
    refused("the first chunk before the contribution");
  }

  @Test
  void aBeginOfShardsThatItWasNotAssigned() throws Exception {
    hostile.begin(assigned(), List.of(77));
    refused("a contribution of shard 77");
  }

  @Test
  void aBeginOfNoShard() throws Exception {
    hostile.begin(assigned(), List.of());
    refused("a contribution of 0 shards with 0 losses");
  }

  @Test
  void aContributionOfOtherShardsThanWereBegunStartsAnew() throws Exception {
    Assign assign = assigned();
    hostile.begin(assign, assign.getShardsList());
    hostile.sendChunk(assign, 4);
    hostile.begin(assign, assign.getShardsList().subList(1, assign.getShardsCount()));
    hostile.contribute(assign, assign.getShardsList());
    hostile.sendChunk(assign, 4);
    hostile.sendChunk(assign, 4);
    refused("chunk 1 of 3 twice");
  }

  @Test
  void aChunkAfterTheLast() throws Exception {
    run.close();
    run = new TinyRun(folder.resolve("two"), 2, PATIENCE);
    hostile.close();
    hostile = run.worker("hostile");
    try (FakeWorker other = run.worker("other")) {
      hostile.begin();
      other.begin();
      Assign assign = hostile.assignment();
      hostile.compute(assign);
      hostile.sendChunk(assign, 8);
      assertThat(hostile.refusal()).contains("after the last");
      other.work();
      assertThat(run.digestAtTheEnd()).isEqualTo(undisturbed(folder.resolve("undisturbed")));
    }
  }

  @Test
  void aChunkOfAWrongLength() throws Exception {
    Assign assign = assigned();
    hostile.contribute(assign, assign.getShardsList());
    sendChunk(
        hostile
            .chunk(assign, 0, hostile.sums(assign))
            .setValues(ByteString.copyFrom(new byte[400])));
    refused("a chunk of 100 values at 0");
  }

  @Test
  void aChunkThatIsTooShort() throws Exception {
    Assign assign = assigned();
    hostile.contribute(assign, assign.getShardsList());
    sendChunk(
        hostile.chunk(assign, 0, hostile.sums(assign)).setValues(ByteString.copyFrom(new byte[8])));
    refused("a chunk of 2 values at 0");
  }

  @Test
  void aVectorThatIsTooLong() throws Exception {
    Assign assign = assigned();
    hostile.contribute(assign, assign.getShardsList());
    hostile.sendChunk(assign, 0);
    hostile.sendChunk(assign, 4);
    sendChunk(
        hostile
            .chunk(assign, 8, hostile.sums(assign))
            .setValues(ByteString.copyFrom(new byte[16])));
    refused("a chunk of 4 values at 8");
  }

  @Test
  void aStateOfItsOwn() throws Exception {
    Assign assign = assigned();
    sendContribution(hostile.contribution(assign).setStateFingerprint(1));
    // It is given the right one and may go on; here it goes away instead.
    hostile.next(FromCoordinator.MessageCase.BLOB);
    assertThat(run.notices()).anyMatch(it -> it.contains("had a state of its own at step 0"));
    hostile.close();
    goesOn();
  }

  @Test
  void aChunkOfTheOtherPrecision() throws Exception {
    Assign assign = assigned();
    hostile.contribute(assign, assign.getShardsList());
    sendChunk(
        hostile
            .chunk(assign, 0, hostile.sums(assign))
            .clearValues()
            .setField(
                Chunk.getDescriptor().findFieldByName("narrow_values"),
                ByteString.copyFrom(new byte[8])));
    refused("a chunk of 4 values at 0 of 2 bytes each");
  }

  @Test
  void aChunkAtAnImpossibleOffset() throws Exception {
    Assign assign = assigned();
    hostile.contribute(assign, assign.getShardsList());
    sendChunk(hostile.chunk(assign, 0, hostile.sums(assign)).setOffset(-4));
    refused("a chunk of 4 values at -4");
  }

  @Test
  void aShardThatIsNotOfTheStep() throws Exception {
    sendContribution(hostile.contribution(assigned(), List.of(0, -1)));
    refused("shard 4294967295");
  }

  @Test
  void aShardTwice() throws Exception {
    sendContribution(hostile.contribution(assigned(), List.of(1, 1)));
    refused("shard 1");
  }

  @Test
  void aShardThatAnotherWorkerWasAssigned() throws Exception {
    run.close();
    run = new TinyRun(folder.resolve("two"), 2, PATIENCE);
    hostile.close();
    hostile = run.worker("hostile");
    try (FakeWorker other = run.worker("other")) {
      hostile.begin();
      other.begin();
      Assign ours = hostile.assignment();
      List<Integer> theirs = new ArrayList<>(List.of(0, 1, 2, 3));
      theirs.removeAll(ours.getShardsList());
      assertThat(theirs).isNotEmpty();
      sendContribution(hostile.contribution(ours, theirs));
      assertThat(hostile.refusal()).contains("a contribution of shard " + theirs.get(0));
      other.work();
      assertThat(run.digestAtTheEnd()).isEqualTo(undisturbed(folder.resolve("undisturbed")));
    }
  }

  @Test
  void lossesThatAreNotFinite() throws Exception {
    Assign assign = assigned();
    sendContribution(hostile.contribution(assign).setLosses(0, Double.NaN));
    refused("not finite");
  }

  @Test
  void aFaultOfAShardThatItDidNotCompute() throws Exception {
    Assign assign = assigned();
    sendContribution(
        hostile
            .contribution(assign)
            .addFaults(Fault.newBuilder().setKind(Fault.Kind.NON_FINITE).setShard(77)));
    refused("a fault of shard 77");
  }

  @Test
  void anOldStepAgain() throws Exception {
    Assign first = assigned();
    hostile.compute(first);
    Assign second = hostile.assignment();
    assertThat(second.getStep()).isEqualTo(1);
    hostile.compute(first);
    hostile.send(FromWorker.newBuilder().setReady(hostile.digests("another")));
    refused("mask has digest another");
  }

  @Test
  void aMessageOfNoKind() throws Exception {
    hostile.join();
    hostile.send(new byte[0]);
    refused("no known kind");
  }

  @Test
  void aMessageLargerThanAllowed() throws Exception {
    hostile.send(new byte[Protocol.MAX_MESSAGE_BYTES + 1]);
    refused("exceeds maximum size");
  }

  @Test
  void tooManyProbesAndTooLargeOnes() throws Exception {
    hostile.send(FromWorker.newBuilder().setProbe(Probe.newBuilder().setEchoBytes(-1)));
    assertThat(hostile.refusal()).contains("4294967295 bytes");
    hostile.close();
    hostile = run.worker("hostile");
    for (int i = 0; i < 65; i++) {
      hostile.send(FromWorker.newBuilder().setProbe(Probe.newBuilder().setEchoBytes(1)));
    }
    refused("65th");
  }

  @Test
  void probesAreEchoed() throws Exception {
    hostile.send(
        FromWorker.newBuilder().setProbe(Probe.newBuilder().setNumber(7).setEchoBytes(1000)));
    var echo = hostile.next(FromCoordinator.MessageCase.ECHO).getEcho();
    assertThat(echo.getNumber()).isEqualTo(7);
    assertThat(echo.getPadding().size()).isEqualTo(1000);
    assertThat(echo.getModelDigest()).isEqualTo("model");
    assertThat(echo.getProtocol()).isEqualTo(Protocol.VERSION);
    goesOn();
  }

  @Test
  void messagesOfRandomBytes() throws Exception {
    Random random = new Random(17);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (random.nextBoolean() && bytes.length > 0) {
        bytes[0] = 10; // Read as a chunk.
      }
      try (FakeWorker garbage = run.worker("garbage")) {
        garbage.join();
        garbage.send(bytes);
        assertThat(garbage.refusal()).isNotEmpty();
      }
    }
    goesOn();
  }

  @Test
  void streamsOnWhichNobodyJoins() throws Exception {
    run.close();
    run = new TinyRun(folder.resolve("impatient"), 1, Duration.ofMillis(300));
    List<FakeWorker> silent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      silent.add(run.worker("silent"));
      silent.get(i).send(FromWorker.newBuilder().setProbe(Probe.newBuilder()));
    }
    for (FakeWorker each : silent) {
      assertThat(each.refusal()).contains("no Join in time");
      each.close();
    }
    goesOn();
  }

  @Test
  void thousandsOfConnectionsThatSayNothingOrNonsense() throws Exception {
    run.close();
    run = new TinyRun(folder.resolve("impatient"), 1, Duration.ofMillis(500));
    byte[][] openings = {
      {},
      "PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.UTF_8),
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.UTF_8),
      "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8),
      {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3},
      new byte[1000]
    };
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Socket socket = new Socket();
      socket.connect(new InetSocketAddress("127.0.0.1", run.port()), 10_000);
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(openings[i % openings.length]);
      sockets.add(socket);
    }
    goesOn();
    for (Socket socket : sockets) {
      awaitEnd(socket);
      socket.close();
    }
  }

  /** Reads to the end of what the server has to say; that there is an end is what counts. */
  private static void awaitEnd(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the server keeps the connection open", e);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }
}
