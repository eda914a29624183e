package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.rpc.Briefing;
import dev.weir.coordinator.rpc.Claim;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.coordinator.rpc.Digests;
import dev.weir.coordinator.rpc.Readiness;
import dev.weir.coordinator.rpc.SessionListener;
import dev.weir.coordinator.rpc.TrainingServer;
import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.tls.CertificateAuthority;
import dev.weir.tls.Credentials;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import dev.weir.worker.rpc.CoordinatorLink;
import dev.weir.worker.rpc.Instruction;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes through the door, and what those are told who do not. */
@Timeout(60)
class DoorTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.now();
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir static Path folder;

  private static final EventLoop loop = new EventLoop("door-test");

  @BeforeAll
  static void makeCertificates() {
    CertificateAuthority ours = CertificateAuthority.create(NOW, DAY);
    ours.certifyCoordinator(folder.resolve("coordinator"), List.of("127.0.0.1"), NOW, DAY);
    ours.certifyCoordinator(folder.resolve("elsewhere"), List.of("example.org"), NOW, DAY);
    ours.certifyCoordinator(
        folder.resolve("expired"), List.of("127.0.0.1"), NOW.minus(DAY).minus(DAY), DAY);
    ours.certifyWorker(folder.resolve("worker"), "worker", NOW, DAY);
    ours.certifyWorker(folder.resolve("expired-worker"), "worker", NOW.minus(DAY).minus(DAY), DAY);
    CertificateAuthority others = CertificateAuthority.create(NOW, DAY);
    others.certifyCoordinator(folder.resolve("foreign"), List.of("127.0.0.1"), NOW, DAY);
    others.certifyWorker(folder.resolve("foreign-worker"), "worker", NOW, DAY);
  }

  @AfterAll
  static void close() {
    loop.close();
  }

  private static @Nullable Credentials in(String name) {
    return name.isEmpty() ? null : Credentials.in(folder.resolve(name));
  }

  private static Instruction knock(String coordinator, String worker, String token)
      throws InterruptedException {
    return knock(in(coordinator), in(worker), token);
  }

  private static Instruction knock(
      @Nullable Credentials coordinator, @Nullable Credentials worker, String token)
      throws InterruptedException {
    try (TrainingServer server =
        new TrainingServer(
            new InetSocketAddress("127.0.0.1", 0),
            new Door(TOKEN, coordinator),
            loop,
            new WireBytes(),
            new Doorman())) {
      int port = Integer.parseInt(server.address().replaceAll(".*:", ""));
      Endpoint endpoint = new Endpoint(new InetSocketAddress("127.0.0.1", port), token, worker);
      try (CoordinatorLink link = new CoordinatorLink(endpoint, "tester")) {
        return link.next();
      }
    }
  }

  private static void rejected(Instruction answer, String reason, String remedy) {
    assertThat(answer).isInstanceOf(Instruction.Rejected.class);
    assertThat(((Instruction.Rejected) answer).reason()).contains(reason);
    assertThat(((Instruction.Rejected) answer).remedy()).contains(remedy);
  }

  @Test
  void withTheTokenAWorkerIsLetIn() throws Exception {
    assertThat(knock("", "", TOKEN)).isInstanceOf(Instruction.Welcome.class);
  }

  @Test
  void withTheTokenAndACertificateAWorkerIsLetInThroughTls() throws Exception {
    assertThat(knock("coordinator", "worker", TOKEN)).isInstanceOf(Instruction.Welcome.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "coordinator"})
  void aWrongTokenIsNamedAndNotShown(String coordinator) throws Exception {
    String wrong = "fedcba9876543210";
    Instruction answer = knock(coordinator, coordinator.isEmpty() ? "" : "worker", wrong);
    rejected(answer, "token", "--token-file");
    assertThat(answer.toString()).doesNotContain(wrong, TOKEN);
  }

  @Test
  void plaintextToATlsCoordinator() throws Exception {
    rejected(knock("coordinator", "", TOKEN), "asks for TLS", "--certs");
  }

  @Test
  void tlsToAPlaintextCoordinator() throws Exception {
    rejected(knock("", "worker", TOKEN), "plaintext", "--certs");
  }

  @Test
  void aCoordinatorOfAnotherAuthority() throws Exception {
    rejected(knock("foreign", "worker", TOKEN), "not signed by the authority", "weir certs");
  }

  @Test
  void aWorkerOfAnotherAuthority() throws Exception {
    Credentials ours = Credentials.in(folder.resolve("worker"));
    Credentials theirs = Credentials.in(folder.resolve("foreign-worker"));
    Credentials mixed = new Credentials(theirs.certificate(), theirs.key(), ours.authority());
    rejected(
        knock(in("coordinator"), mixed, TOKEN), "not accept this side's certificate", "weir certs");
  }

  @Test
  void aCoordinatorWhoseCertificateExpired() throws Exception {
    rejected(knock("expired", "worker", TOKEN), "not valid today", "clock");
  }

  @Test
  void aWorkerWhoseCertificateExpired() throws Exception {
    rejected(knock("coordinator", "expired-worker", TOKEN), "not accept", "weir certs");
  }

  @Test
  void aCoordinatorDialedByANameThatItsCertificateLacks() throws Exception {
    rejected(knock("elsewhere", "worker", TOKEN), "other names", "--host");
  }

  @Test
  void aWorkersCertificateDoesNotPassForACoordinators() throws Exception {
    assertThat(knock("worker", "worker", TOKEN)).isInstanceOf(Instruction.Rejected.class);
  }

  @Test
  void aCoordinatorsCertificateDoesNotPassForAWorkers() throws Exception {
    assertThat(knock("coordinator", "coordinator", TOKEN)).isInstanceOf(Instruction.Rejected.class);
  }

  @Test
  void nothingThatIsPrintedShowsTheToken() {
    Endpoint endpoint = new Endpoint(new InetSocketAddress("127.0.0.1", 1), TOKEN, null);
    assertThat(endpoint.toString()).doesNotContain(TOKEN).isEqualTo("127.0.0.1:1");
    assertThat(new Door(TOKEN, null).toString()).doesNotContain(TOKEN);
  }

  /** Welcomes whoever gets as far as Join. */
  static final class Doorman implements SessionListener {
    @Override
    public void joined(WorkerConnection worker, String maskDigest) {
      worker.welcome(new Briefing("", 1, new Digests("", "", "")));
    }

    @Override
    public void ready(WorkerConnection worker, Readiness readiness) {}

    @Override
    public void begun(WorkerConnection worker, Claim claim) {}

    @Override
    public void contributed(WorkerConnection worker, Contribution contribution) {}

    @Override
    public void chunk(WorkerConnection worker, ValueChunk chunk) {}

    @Override
    public void unreachable(WorkerConnection worker, long step, long plan, String reason) {}

    @Override
    public void alive(WorkerConnection worker) {}

    @Override
    public @Nullable Briefing describe() {
      return null;
    }

    @Override
    public void closed(WorkerConnection worker, String reason) {}
  }
}
