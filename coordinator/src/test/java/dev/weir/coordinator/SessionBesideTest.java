package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Alive;
import dev.weir.proto.Assign;
import dev.weir.proto.Continue;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.proto.Leave;
import dev.weir.proto.Ready;
import dev.weir.proto.Welcome;
import dev.weir.state.TrainingState;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Packet;
import dev.weir.wire.PeerServer;
import dev.weir.wire.PeerStream;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session that goes on without gRPC, with a worker that serves others. */
@Timeout(60)
class SessionBesideTest {
  @TempDir Path folder;
  private TinyRun run;
  private FakeWorker worker;
  private Assign first;
  private Welcome welcome;

  private final EventLoop loop = new EventLoop("session-beside-test");
  private final BlockingQueue<Greet> greetings = new LinkedBlockingQueue<>();
  private final BlockingQueue<PeerStream> streams = new LinkedBlockingQueue<>();

  /** What comes beside: its kind, or that it is over. */
  private final BlockingQueue<String> beside = new LinkedBlockingQueue<>();

  private final PeerServer server =
      new PeerServer(
          new InetSocketAddress("127.0.0.1", 0),
          new Door(TinyRun.TOKEN, null),
          loop,
          new WireBytes(),
          (stream, greet, address) -> {
            stream.proceed(FromCoordinator.getDefaultInstance(), new Beside());
            greetings.add(greet);
            streams.add(stream);
          },
          "Choose another port.");

  private final class Beside implements PeerStream.Listener<FromCoordinator> {
    @Override
    public void taken(Frame<FromCoordinator> frame) {
      if (frame instanceof Frame.Message<FromCoordinator> message) {
        beside.add(message.message().getMessageCase().toString());
      } else {
        beside.add("CHUNK");
      }
    }

    @Override
    public void ended(String reason) {
      beside.add("ENDED");
    }
  }

  @BeforeEach
  void join() throws Exception {
    run = new TinyRun(folder, 1, Duration.ofSeconds(60));
    worker = run.worker("beside");
    worker.sendJoin();
    welcome = worker.next(FromCoordinator.MessageCase.WELCOME).getWelcome();
  }

  @AfterEach
  void stop() {
    worker.close();
    server.close();
    run.close();
    loop.close();
  }

  /** Says where it serves others, and is assigned the first step. */
  private void ready(int port) throws InterruptedException {
    TrainingState state = TinyRun.initialState();
    Ready.Builder ready =
        worker
            .digests(welcome.getMaskDigest())
            .setStep(state.step())
            .setStateFingerprint(state.fingerprint())
            .setExchangeAddress("127.0.0.1:" + port);
    worker.send(FromWorker.newBuilder().setReady(ready));
    first = worker.assignment();
  }

  private PeerStream answered() throws InterruptedException {
    ready(server.port());
    PeerStream stream = streams.poll(20, TimeUnit.SECONDS);
    send(stream, alive());
    worker.next(FromCoordinator.MessageCase.CONTINUE);
    return stream;
  }

  private void proceed() {
    worker.send(FromWorker.newBuilder().setContinue(Continue.getDefaultInstance()));
  }

  private static FromWorker.Builder alive() {
    return FromWorker.newBuilder().setAlive(Alive.getDefaultInstance());
  }

  private static void send(PeerStream stream, FromWorker.Builder message) {
    try (Packet packet = Packet.of(message.build())) {
      stream.send(packet);
    }
  }

  private void contribute(PeerStream stream) {
    send(stream, FromWorker.newBuilder().setContribution(worker.contribution(first)));
    for (int offset = 0; offset < TinyRun.VALUES; offset += TinyRun.CHUNK) {
      send(
          stream,
          FromWorker.newBuilder().setChunk(worker.chunk(first, offset, worker.sums(first))));
    }
  }

  private String next() throws InterruptedException {
    return String.valueOf(beside.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void theCoordinatorGreetsByTheSecretOfItsWelcome() throws Exception {
    answered();
    Greet greet = greetings.remove();
    assertThat(greet.getWorker()).isZero();
    assertThat(greet.getLife()).isEqualTo(welcome.getLife());
    assertThat(greet.getSession()).isEqualTo(welcome.getSession()).isNotZero();
  }

  @Test
  void theStepsGoOnBeside() throws Exception {
    PeerStream stream = answered();
    proceed();
    contribute(stream);
    assertThat(next()).isEqualTo("CHUNK");
    assertThat(next()).isEqualTo("CHUNK");
    assertThat(next()).isEqualTo("CHUNK");
    assertThat(next()).isEqualTo("ASSIGN");
  }

  @Test
  void nothingBesideIsTakenBeforeContinueHasCome() throws Exception {
    PeerStream stream = answered();
    for (int offset = 0; offset < TinyRun.VALUES; offset += TinyRun.CHUNK) {
      // Taken before the contribution, it would be refused.
      send(
          stream,
          FromWorker.newBuilder().setChunk(worker.chunk(first, offset, worker.sums(first))));
    }
    worker.contribute(first, first.getShardsList());
    proceed();
    assertThat(next()).isEqualTo("CHUNK");
  }

  @Test
  void aWorkerThatIsNotReachedGoesOnAsItIs() throws Exception {
    int port = server.port();
    server.close();
    ready(port);
    worker.compute(first);
    assertThat(worker.assignment().getStep()).isEqualTo(first.getStep() + 1);
  }

  @Test
  void aWorkerThatAnswersSomethingElseGoesOnAsItIs() throws Exception {
    ready(server.port());
    send(
        streams.poll(20, TimeUnit.SECONDS),
        FromWorker.newBuilder().setLeave(Leave.getDefaultInstance()));
    assertThat(next()).isEqualTo("ENDED");
    worker.compute(first);
    assertThat(worker.assignment().getStep()).isEqualTo(first.getStep() + 1);
  }

  @Test
  void theEndOfTheStreamIsTheEndOfTheSession() throws Exception {
    PeerStream stream = answered();
    proceed();
    stream.close();
    assertThat(worker.poll()).isEmpty();
  }

  @Test
  void theEndOfTheSessionIsTheEndOfTheStream() throws Exception {
    answered();
    proceed();
    worker.close();
    assertThat(next()).isEqualTo("ENDED");
  }

  @Test
  void whoBreaksTheProtocolIsToldBeside() throws Exception {
    PeerStream stream = answered();
    proceed();
    send(stream, FromWorker.newBuilder().setContribution(worker.contribution(first)));
    send(
        stream,
        FromWorker.newBuilder()
            .setChunk(worker.chunk(first, 0, new int[TinyRun.VALUES]).setOffset(1)));
    assertThat(next()).isEqualTo("REFUSE");
    assertThat(next()).isEqualTo("ENDED");
  }

  @Test
  void aContinueThatWasNotAskedFor() throws Exception {
    ready(server.port());
    proceed();
    assertThat(worker.refusal()).isEqualTo("a Continue that was not asked for");
  }

  @Test
  void aSecondContinue() throws Exception {
    answered();
    proceed();
    proceed();
    assertThat(next()).isEqualTo("REFUSE");
  }
}
