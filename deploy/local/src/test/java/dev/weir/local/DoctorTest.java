package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.Cli;
import dev.weir.coordinator.rpc.TrainingServer;
import dev.weir.local.doctor.DoctorCommand;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.WireBytes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor finds, and its exit code. */
@Timeout(60)
class DoctorTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private final EventLoop loop = new EventLoop("doctor-test");
  private TrainingServer server;

  private record Visit(int exitCode, String output) {}

  @BeforeEach
  void listen() {
    server =
        new TrainingServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Door(TOKEN, null),
            loop,
            new WireBytes(),
            new DoorTest.Doorman());
  }

  @AfterEach
  void close() {
    server.close();
    loop.close();
  }

  private Visit visit(String token, int port) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), token);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      int exitCode =
          Cli.run(
              new DoctorCommand(),
              "--coordinator",
              "127.0.0.1:" + port,
              "--token-file",
              file.toString());
      return new Visit(exitCode, output.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  private int port() {
    return Integer.parseInt(server.address().replaceAll(".*:", ""));
  }

  @Test
  void aGoodWayIsMeasured() throws Exception {
    Visit visit = visit(TOKEN, port());
    assertThat(visit.exitCode()).as(visit.output()).isZero();
    assertThat(visit.output())
        .contains("disk", "memory", "name", "port", "tls", "token", "protocol", "clock")
        .contains("round trip", "bandwidth", "Mbit/s", "still prepares")
        .doesNotContain("WRONG", TOKEN);
  }

  @Test
  void aWrongTokenIsWrong() throws Exception {
    Visit visit = visit("fedcba9876543210", port());
    assertThat(visit.exitCode()).isEqualTo(2);
    assertThat(visit.output()).contains("WRONG", "join token", "--token-file");
  }

  @Test
  void aClosedPortIsWrong() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Visit visit = visit(TOKEN, free);
    assertThat(visit.exitCode()).isEqualTo(2);
    assertThat(visit.output()).contains("WRONG  port", "--listen");
  }
}
