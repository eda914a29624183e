package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Assign;
import dev.weir.proto.Blob;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Join;
import dev.weir.proto.Ready;
import dev.weir.state.TrainingState;
import dev.weir.wire.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker has already is not sent to it again, and what it has not always is. */
class ReturningWorkersTest {
  @TempDir Path folder;
  private TinyRun run;
  private FakeWorker worker;

  @BeforeEach
  void start() {
    run = new TinyRun(folder, 1, Duration.ofSeconds(60));
    worker = run.worker("returning");
  }

  @AfterEach
  void stop() {
    worker.close();
    run.close();
  }

  @Test
  void whoHasMaskAndStateGetsNeither() throws Exception {
    TrainingState has = TinyRun.initialState();

    assertThat(sentBefore(TinyRun.maskDigest(), has.step(), has.fingerprint())).isEmpty();
  }

  @Test
  void whoHasAnotherMaskGetsIt() throws Exception {
    TrainingState has = TinyRun.initialState();

    assertThat(sentBefore("another", has.step(), has.fingerprint()))
        .containsExactly(Blob.Kind.MASK);
  }

  @Test
  void whoHasAnotherStateOfTheSameStepGetsIt() throws Exception {
    long fingerprint = TinyRun.initialState().fingerprint();

    assertThat(sentBefore(TinyRun.maskDigest(), 0, fingerprint + 1))
        .containsExactly(Blob.Kind.STATE);
  }

  @Test
  void whoIsAtAnotherStepGetsTheState() throws Exception {
    long fingerprint = TinyRun.initialState().fingerprint();

    assertThat(sentBefore(TinyRun.maskDigest(), 1, fingerprint)).containsExactly(Blob.Kind.STATE);
  }

  @Test
  void whoDivergedAfterItCameBackGetsTheState() throws Exception {
    long fingerprint = TinyRun.initialState().fingerprint();
    join(TinyRun.maskDigest(), 0, fingerprint);
    Assign assign = worker.assignment();

    worker.send(
        FromWorker.newBuilder()
            .setContribution(worker.contribution(assign).setStateFingerprint(fingerprint + 1)));

    assertThat(worker.next(FromCoordinator.MessageCase.BLOB).getBlob().getKind())
        .isEqualTo(Blob.Kind.STATE);
  }

  /** What was transferred to a worker with this before it was given something to do. */
  private List<Blob.Kind> sentBefore(String mask, long step, long fingerprint) throws Exception {
    join(mask, step, fingerprint);
    List<Blob.Kind> sent = new ArrayList<>();
    while (true) {
      FromCoordinator message = worker.next().orElseThrow();
      if (message.hasBlob()) {
        sent.add(message.getBlob().getKind());
      } else if (message.hasAssign()) {
        return sent;
      }
    }
  }

  private void join(String mask, long step, long fingerprint) {
    worker.send(
        FromWorker.newBuilder()
            .setJoin(
                Join.newBuilder()
                    .setProtocol(Protocol.VERSION)
                    .setName("returning")
                    .setMaskDigest(mask)));
    Ready.Builder ready = worker.digests(TinyRun.maskDigest());
    worker.send(
        FromWorker.newBuilder().setReady(ready.setStep(step).setStateFingerprint(fingerprint)));
  }
}
