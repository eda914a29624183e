package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import dev.weir.proto.Alive;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.proto.Leave;
import dev.weir.tls.CertificateAuthority;
import dev.weir.tls.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams without gRPC, between real sockets. */
@Timeout(30)
class PeerStreamTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final Instant NOW = Instant.now();
  private static final Duration DAY = Duration.ofDays(1);
  private static final int LARGE = 1 << 19;

  @TempDir static Path folder;

  private final EventLoop here = new EventLoop("here");
  private final EventLoop there = new EventLoop("there");
  private final BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

  @BeforeAll
  static void makeCertificates() {
    CertificateAuthority ours = CertificateAuthority.create(NOW, DAY);
    ours.certifyCoordinator(folder.resolve("coordinator"), List.of("127.0.0.1"), NOW, DAY);
    ours.certifyWorker(folder.resolve("worker"), "worker", NOW, DAY);
    ours.certifyWorker(folder.resolve("expired"), "worker", NOW.minus(DAY).minus(DAY), DAY);
    CertificateAuthority others = CertificateAuthority.create(NOW, DAY);
    others.certifyWorker(folder.resolve("foreign"), "worker", NOW, DAY);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  private static @Nullable Credentials in(String name) {
    return name.isEmpty() ? null : Credentials.in(folder.resolve(name));
  }

  private PeerServer serve(String credentials) {
    return new PeerServer(
        new InetSocketAddress("127.0.0.1", 0),
        new Door(TOKEN, in(credentials)),
        there,
        new WireBytes(),
        (stream, greet, address) -> {
          stream.proceed(FromWorker.getDefaultInstance(), listener(stream));
          opened.add(stream);
        },
        "Choose another port.");
  }

  private PeerStream.Listener<FromWorker> listener(PeerStream stream) {
    return new PeerStream.Listener<>() {
      @Override
      public void taken(Frame<FromWorker> frame) {
        String reason =
            frame instanceof Frame.Message<FromWorker> message
                ? message.message().getLeave().getReason()
                : frame.toString();
        taken.add(reason.length() > 20 ? reason.length() + " letters" : reason);
        try (Packet answer =
            Packet.of(FromCoordinator.newBuilder().setAlive(Alive.getDefaultInstance()).build())) {
          stream.send(answer);
        }
      }

      @Override
      public void ended(String reason) {
        taken.add("ended: " + reason);
      }
    };
  }

  /** One that dials. */
  private final class Dialer implements PeerStream.Listener<FromCoordinator> {
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final PeerStream stream;

    Dialer(int port, String credentials) {
      stream =
          PeerStream.dial(
              new InetSocketAddress("127.0.0.1", port),
              in(credentials),
              here,
              new WireBytes(),
              FromCoordinator.getDefaultInstance(),
              this);
    }

    Dialer greet() {
      Greet greet = Greet.newBuilder().setToken(TOKEN).setWorker(1).build();
      return send(FromWorker.newBuilder().setGreet(greet).build());
    }

    Dialer say(String text) {
      Leave leave = Leave.newBuilder().setReason(text).build();
      return send(FromWorker.newBuilder().setLeave(leave).build());
    }

    private Dialer send(FromWorker message) {
      try (Packet packet = Packet.of(message)) {
        stream.send(packet);
      }
      return this;
    }

    @Override
    public void taken(Frame<FromCoordinator> frame) {
      FromCoordinator message = ((Frame.Message<FromCoordinator>) frame).message();
      answers.add(message.getMessageCase() + " " + message.getRefuse().getReason());
    }

    @Override
    public void ended(String reason) {
      answers.add("ended: " + reason);
    }

    String next() throws InterruptedException {
      return String.valueOf(answers.poll(20, TimeUnit.SECONDS));
    }
  }

  private String taken() throws InterruptedException {
    return String.valueOf(taken.poll(20, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource({"'',''", "worker,worker", "worker,coordinator"})
  void messagesGoBothWaysInTheirOrder(String server, String dialer) throws Exception {
    try (PeerServer port = serve(server)) {
      Dialer caller =
          new Dialer(port.port(), dialer).greet().say("a").say("x".repeat(LARGE)).say("c");
      assertThat(taken()).isEqualTo("a");
      assertThat(taken()).isEqualTo(LARGE + " letters");
      assertThat(taken()).isEqualTo("c");
      assertThat(caller.next()).startsWith("ALIVE");

      caller.stream.close();
      assertThat(taken()).startsWith("ended: ");
      assertThat(caller.stream.isReady()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "worker, foreign, certification path",
    "worker, expired, CERTIFICATE",
    "worker, '', closed",
    "'', worker, SSL/TLS record",
    "coordinator, worker, key usage"
  })
  void whoHasTheWrongCertificatesIsNotTalkedTo(String server, String dialer, String why)
      throws Exception {
    try (PeerServer port = serve(server)) {
      Dialer caller = new Dialer(port.port(), dialer).greet().say("a");
      assertThat(caller.next()).startsWith("ended: ").contains(why);
      assertThat(taken).isEmpty();
    }
  }

  @Test
  void whatComesWaitsWhileTheStreamIsPaused() throws Exception {
    try (PeerServer port = serve("")) {
      Dialer caller = new Dialer(port.port(), "").greet();
      PeerStream stream = opened.poll(20, TimeUnit.SECONDS);
      there.executor().submit(stream::pause).get();
      caller.say("a");
      here.answers(Duration.ofSeconds(20)); // It is sent.
      there.answers(Duration.ofSeconds(20)); // It could have been taken.
      assertThat(taken).isEmpty();

      there.executor().submit(stream::resume).get();
      assertThat(taken()).isEqualTo("a");
    }
  }

  @Test
  void theLastWordWaitsWhileTheStreamIsPaused() throws Exception {
    try (PeerServer port = serve("")) {
      Dialer caller = new Dialer(port.port(), "").greet();
      PeerStream stream = opened.poll(20, TimeUnit.SECONDS);
      there.executor().submit(stream::pause).get();
      caller.say("the last").stream.finish(Duration.ofSeconds(20));
      here.answers(Duration.ofSeconds(20));
      there.answers(Duration.ofSeconds(20));
      there.executor().submit(stream::resume).get();
      assertThat(taken()).isEqualTo("the last");
      assertThat(taken()).isEqualTo("ended: it closed the connection");
    }
  }

  @Test
  void whatAnotherThreadHasSentComesBeforeTheLastWord() throws Exception {
    try (PeerServer port = serve("")) {
      Dialer caller = new Dialer(port.port(), "").greet();
      opened.poll(20, TimeUnit.SECONDS);
      for (int i = 0; i < 20; i++) {
        caller.say("x".repeat(LARGE));
      }
      here.executor()
          .submit(() -> caller.say("the last").stream.finish(Duration.ofSeconds(20)))
          .get();
      for (int i = 0; i < 20; i++) {
        assertThat(taken()).isEqualTo(LARGE + " letters");
      }
      assertThat(taken()).isEqualTo("the last");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "worker"})
  void nobodyListens(String credentials) throws Exception {
    int number;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      number = free.getLocalPort();
    }
    Dialer caller = new Dialer(number, credentials).greet();
    assertThat(caller.next()).isEqualTo("ended: Connection refused");
    assertThat(caller.say("into the void").stream.isOver()).isTrue();
  }

  @Test
  void aNameThatIsNotKnown() throws Exception {
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    PeerStream.dial(
        InetSocketAddress.createUnresolved("no-such-host.invalid", 1),
        null,
        here,
        new WireBytes(),
        FromCoordinator.getDefaultInstance(),
        new PeerStream.Listener<>() {
          @Override
          public void taken(Frame<FromCoordinator> frame) {}

          @Override
          public void ended(String reason) {
            ends.add(reason);
          }
        });
    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("its name is not known");
  }

  @Test
  void aPortThatIsTaken() {
    try (PeerServer first = serve("")) {
      InetSocketAddress taken = new InetSocketAddress("127.0.0.1", first.port());
      assertThatThrownBy(
              () ->
                  new PeerServer(
                      taken,
                      new Door(TOKEN, null),
                      there,
                      new WireBytes(),
                      (stream, greet, address) -> {},
                      "Choose another port."))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("Address already in use");
    }
  }

  @Test
  void aListenerThatThrowsEndsItsStream() throws Exception {
    try (PeerServer port =
        new PeerServer(
            new InetSocketAddress("127.0.0.1", 0),
            new Door(TOKEN, null),
            there,
            new WireBytes(),
            (stream, greet, address) -> {
              throw new IllegalStateException("on purpose");
            },
            "Choose another port.")) {
      assertThat(new Dialer(port.port(), "").greet().next())
          .isEqualTo("ended: it closed the connection");
      try (Socket another = new Socket("127.0.0.1", port.port())) {
        assertThat(another.isConnected()).isTrue();
      }
    }
  }
}
