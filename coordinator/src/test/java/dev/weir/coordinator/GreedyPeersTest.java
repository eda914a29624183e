package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.weir.proto.Assign;
import dev.weir.proto.FromWorker;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that want more of the coordinator than is theirs: memory, connections, streams. Each gets
 * no more than its bound, and an honest worker goes on to the bits of a run without them.
 */
@Timeout(90)
class GreedyPeersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MEBIBYTE = 1 << 20;
  private static final int PROBES = 64;
  private static final int CALLS_PER_CONNECTION = 8;

  @TempDir Path folder;

  private TinyRun run;

  @BeforeEach
  void start() {
    run = new TinyRun(folder.resolve("run"), 1, PATIENCE);
  }

  @AfterEach
  void stop() {
    run.close();
  }

  private void goesOn() throws Exception {
    try (FakeWorker honest = run.worker("honest")) {
      honest.begin().work();
      assertThat(honest.state.digest()).isEqualTo(run.digestAtTheEnd());
    }
    try (TinyRun calm = new TinyRun(folder.resolve("undisturbed"), 1, PATIENCE);
        FakeWorker honest = calm.worker("honest")) {
      honest.begin().work();
      assertThat(run.digestAtTheEnd()).isEqualTo(calm.digestAtTheEnd());
    }
  }

  private FakeWorker peer(CallOptions options, boolean reads) {
    return new FakeWorker(FakeWorker.channel(run.port()), TinyRun.TOKEN, "hostile", options, reads);
  }

  @Test
  void aCompressedMessage() throws Exception {
    try (FakeWorker hostile = peer(CallOptions.DEFAULT.withCompression("gzip"), true)) {
      hostile.send(new byte[256 * MEBIBYTE]); // About 256 KiB on the wire.
      assertThat(hostile.refusal()).contains("gzip");
    }
    goesOn();
  }

  /** Fields whose lengths promise 2 GiB, in messages of a few bytes. */
  @ParameterizedTest
  @ValueSource(ints = {FromWorker.CHUNK_FIELD_NUMBER, FromWorker.PROBE_FIELD_NUMBER})
  void anEnormousDeclaredLength(int field) throws Exception {
    try (FakeWorker hostile = run.worker("hostile")) {
      hostile.join();
      hostile.send(declaring(field, Integer.MAX_VALUE));
      assertThat(hostile.refusal()).contains("a malformed message");
    }
    goesOn();
  }

  /** The same inside a chunk that is itself as long as it says. */
  @Test
  void anEnormousDeclaredNumberOfValues() throws Exception {
    try (FakeWorker hostile = run.worker("hostile")) {
      hostile.join();
      byte[] values = declaring(4, Integer.MAX_VALUE - 3);
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      message.write((FromWorker.CHUNK_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
      message.write(values.length);
      message.writeBytes(values);
      hostile.send(message.toByteArray());
      assertThat(hostile.refusal()).contains("a malformed message");
    }
    goesOn();
  }

  private static byte[] declaring(int field, int length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(length);
    out.writeRawBytes(new byte[] {1, 2, 3});
    out.flush();
    return bytes.toByteArray();
  }

  /**
   * It asks for 64 MiB of echoes and then, without end, for states, and takes none of them. What is
   * kept for it is bounded, and freed when its connection is cut.
   */
  @Test
  void aWorkerThatNeverReads() throws Exception {
    try (FakeWorker hostile = peer(CallOptions.DEFAULT, false)) {
      for (int i = 0; i < PROBES; i++) {
        hostile.probe(MEBIBYTE);
      }
      hostile.sendJoin();
      hostile.send(FromWorker.newBuilder().setReady(hostile.digests(TinyRun.maskDigest())));
      Assign all = Assign.newBuilder().addAllShards(List.of(0, 1, 2, 3)).build();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                for (int i = 0; i < 500; i++) {
                  hostile.send(
                      FromWorker.newBuilder()
                          .setContribution(hostile.contribution(all).setStateFingerprint(1)));
                }
                return cutOff();
              });
      goesOn();
    }
  }

  private boolean cutOff() {
    return run.notices().stream()
        .anyMatch(it -> it.matches("hostile .* is gone .* sent and not read"));
  }

  /** The others wait until one of those that are served ends. */
  @Test
  void moreStreamsOnAConnectionThanAllowed() throws Exception {
    ManagedChannel one = FakeWorker.channel(run.port());
    List<FakeWorker> streams = new ArrayList<>();
    for (int i = 0; i < 3 * CALLS_PER_CONNECTION; i++) {
      streams.add(new FakeWorker(one, TinyRun.TOKEN, "hostile", CallOptions.DEFAULT, true));
      streams.get(i).probe(1);
    }
    Awaitility.await().until(() -> heard(streams) >= CALLS_PER_CONNECTION);
    goesOn();
    assertThat(heard(streams)).isEqualTo(CALLS_PER_CONNECTION);
    one.shutdownNow();
  }

  private static long heard(List<FakeWorker> streams) {
    return streams.stream().filter(FakeWorker::hasHeard).count();
  }
}
