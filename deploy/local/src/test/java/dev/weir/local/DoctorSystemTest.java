package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.Protocol;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The doctor as a process, before a real coordinator that waits for its workers. */
@Execution(ExecutionMode.CONCURRENT)
class DoctorSystemTest {
  private static final Map<String, String> TOKEN = Map.of("WEIR_TOKEN", "0123456789abcdef");
  private static final int DAMAGES = 16;

  @TempDir Path folder;
  private final List<WeirProcess> started = new ArrayList<>();

  @BeforeEach
  void writeJob() throws Exception {
    SmallJob.write(folder);
  }

  @AfterEach
  void endAll() {
    started.forEach(process -> process.handle().destroyForcibly());
  }

  private int coordinator(String... more) throws Exception {
    int port = freePort();
    List<String> arguments =
        new ArrayList<>(
            List.of("coordinator", "--job", "job.yaml", "--run-dir", "run", "--listen"));
    arguments.add("127.0.0.1:" + port);
    arguments.addAll(List.of(more));
    WeirProcess process = WeirProcess.start(folder, arguments, TOKEN);
    started.add(process);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofMinutes(2))
        .until(() -> process.text().contains("waiting for workers at step 0"));
    return port;
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private String visit(int exitCode, Map<String, String> environment, String... arguments)
      throws Exception {
    return visit(exitCode, List.of(), environment, arguments);
  }

  private String visit(
      int exitCode, List<String> by, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("doctor"));
    all.addAll(List.of(arguments));
    WeirProcess.Result result = WeirProcess.start(folder, by, all, environment).await();
    assertThat(result.exitCode()).as(result.output()).isEqualTo(exitCode);
    assertThat(result.output()).doesNotContain("\tat ", "Exception", "0123456789abcdef");
    return result.output();
  }

  @Test
  void onTheLoopbackAddress() throws Exception {
    useOwnModel();
    int port = coordinator();
    String where = "127.0.0.1:" + port;

    assertThat(visit(0, TOKEN, "--coordinator", where))
        .contains("ok     disk ", "ok     memory ", "ok     name       127.0.0.1 is 127.0.0.1")
        .contains("ok     port       " + port + " accepts connections")
        .contains("ok     tls        none, and none is needed on the loopback address")
        .contains(
            "ok     token      accepted by the coordinator",
            "ok     protocol   version " + Protocol.VERSION)
        .contains("ok     clock ", "ok     round trip", "ok     bandwidth ")
        .contains("ok     model      is the coordinator's, digest ")
        .contains("ok     data       is the coordinator's, digest ")
        .doesNotContain("WRONG", "note ");

    assertThat(visit(2, Map.of("WEIR_TOKEN", "another-token-of-20"), "--coordinator", where))
        .contains("WRONG  token      " + where + ": the coordinator refused this worker")
        .contains("Give both the same token, in WEIR_TOKEN or by --token-file.");
    assertThat(visit(2, Map.of(), "--coordinator", where))
        .contains("WRONG  options    WEIR_TOKEN: this environment variable is not set");
    int closed = freePort();
    assertThat(visit(2, TOKEN, "--coordinator", "127.0.0.1:" + closed))
        .contains("WRONG  port       " + closed + " cannot be reached: ")
        .contains("Start the coordinator with --listen 0.0.0.0:" + closed + ", check the number");
    assertThat(visit(2, TOKEN, "--coordinator", "nowhere.invalid:7070"))
        .contains("WRONG  name       nowhere.invalid is not known to this machine's resolver")
        .contains("Check its spelling, or give an IP address.");

    damageModel();
    Files.writeString(
        folder.resolve("sentences.csv"),
        Files.readString(folder.resolve("sentences.csv")).replaceFirst("wrong", "right"));
    assertThat(visit(2, TOKEN, "--coordinator", where))
        .containsPattern("WRONG  model      has digest \\w{64} here and \\w{64} at the coordinator")
        .containsPattern("WRONG  data       has digest \\w{64} here and \\w{64} at the coordinator")
        .contains("Give both machines the same files and the same version of Weir.");
  }

  @Test
  void throughTls() throws Exception {
    certify("certs");
    certify("others");
    String where = "127.0.0.1:" + coordinator("--certs", "certs/coordinator");

    assertThat(visit(0, TOKEN, "--coordinator", where, "--certs", "certs/worker"))
        .contains("ok     tls        each side accepts the other's certificate; ours is certs/")
        .doesNotContain("WRONG");
    assertThat(visit(2, TOKEN, "--coordinator", where))
        .contains("WRONG  tls        this side uses plaintext, but the coordinator asks for TLS")
        .contains("Give --certs here too.");
    assertThat(visit(2, TOKEN, "--coordinator", where, "--certs", "others/worker"))
        .contains("WRONG  tls        " + where + " (here: certificate others/worker/cert.pem,")
        .contains("was not signed by the authority that this side trusts", "weir certs");
    Files.copy(folder.resolve("others/worker/key.pem"), folder.resolve("key.pem"));
    assertThat(
            visit(
                2,
                TOKEN,
                "--coordinator",
                where,
                "--tls-cert",
                "certs/worker/cert.pem",
                "--tls-key",
                "key.pem",
                "--tls-ca",
                "certs/worker/ca.pem"))
        .contains("WRONG  options    key.pem: this private key does not belong to the certificate");
  }

  @Test
  void onADiskThatIsFull() throws Exception {
    TinyDisk disk = new TinyDisk(Files.createDirectory(folder.resolve("disk")), 2, 1);
    disk.assumePossible();
    List<String> there = new ArrayList<>(disk.command());
    there.addAll(List.of("sh", "-c", "cd disk && exec \"$@\"", "sh"));
    String job = folder.resolve("job.yaml").toString();
    assertThat(visit(2, there, Map.of(), job))
        .containsPattern("WRONG  disk       0\\.0 GiB free at .*/disk\n +Make 2.0 GiB free there");
  }

  private void certify(String name) throws Exception {
    WeirProcess.Result made =
        WeirProcess.run(folder, "certs", name, "--host", "127.0.0.1", "--worker", "worker");
    assertThat(made.exitCode()).as(made.output()).isZero();
  }

  /** The bundled model as files of one's own. */
  private void useOwnModel() throws Exception {
    Path model = Files.createDirectory(folder.resolve("model"));
    copy("all-minilm-l6-v2.onnx", model.resolve("model.onnx"));
    copy("all-minilm-l6-v2-tokenizer.json", model.resolve("tokenizer.json"));
    Files.writeString(model.resolve("config.json"), "{\"num_attention_heads\": 12}");
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job, Files.readString(job).replace("layers: 1", "layers: 1\n  source: model"));
  }

  private static void copy(String resource, Path file) throws Exception {
    try (InputStream in = DoctorSystemTest.class.getClassLoader().getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(in, resource), file);
    }
  }

  /** Changes single bits of weights, here and there. */
  private void damageModel() throws Exception {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("model/model.onnx").toFile(), "rw")) {
      for (int i = 1; i < DAMAGES; i++) {
        long at = file.length() / DAMAGES * i;
        file.seek(at);
        int old = file.read();
        file.seek(at);
        file.write(old ^ 1);
      }
    }
  }
}
