package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Assign;
import dev.weir.proto.Fault;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full in the middle of a run: nothing is sent that the journal lacks, heartbeats go
 * on, and once there is room the run goes on to the same bits.
 */
@Timeout(90)
class FullDiskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final FullDisk disk = new FullDisk(1 << 14);
  private TinyRun run;
  private FakeWorker worker;

  @BeforeEach
  void start() throws Exception {
    run = new TinyRun(disk.folder().resolve("journal"), 1, PATIENCE);
    worker = run.worker("honest").begin();
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
    run.close();
    disk.close();
  }

  private Assign fillAndComputeAStep() throws Exception {
    Assign first = worker.assignment();
    disk.fill(16);
    worker.compute(first);
    awaitNotice("training waits until there is room");
    return first;
  }

  private void awaitNotice(String part) {
    Awaitility.await(part).until(() -> run.notices().stream().anyMatch(it -> it.contains(part)));
  }

  private void goesOnAsUndisturbed() throws Exception {
    worker.work();
    assertThat(worker.state.digest()).isEqualTo(run.digestAtTheEnd());
    try (TinyRun calm = new TinyRun(folder, 1, PATIENCE);
        FakeWorker other = calm.worker("honest")) {
      other.begin().work();
      assertThat(run.digestAtTheEnd()).isEqualTo(calm.digestAtTheEnd());
    }
  }

  @Test
  void theStepIsFinishedOnceThereIsRoom() throws Exception {
    Assign first = fillAndComputeAStep();
    assertThat(String.join("\n", run.notices()))
        .contains("step 0: cannot write 68 bytes to ", "/journal/steps-0.log")
        .contains("16 bytes are free there");
    run.heartbeat();
    // Two chunks of three, then signs of life: the last one is not in the journal.
    assertThat(worker.next().orElseThrow().hasChunk()).isTrue();
    assertThat(worker.next().orElseThrow().hasChunk()).isTrue();
    assertThat(worker.next().orElseThrow().hasAlive()).isTrue();

    disk.free();
    run.tick();
    awaitNotice("there is room again");
    assertThat(worker.next(FromCoordinator.MessageCase.CHUNK).getChunk().getOffset()).isZero();
    worker.commit(first);
    goesOnAsUndisturbed();
  }

  @Test
  void whoComesAndGoesMeanwhileIsSeededAfterwards() throws Exception {
    fillAndComputeAStep();
    worker.close();
    awaitNotice("honest (worker 1");
    worker = run.worker("later").join();
    worker.send(FromWorker.newBuilder().setReady(worker.digests(TinyRun.maskDigest())));
    run.heartbeat();
    assertThat(worker.next(FromCoordinator.MessageCase.ALIVE).hasAlive()).isTrue();

    disk.free();
    run.tick();
    goesOnAsUndisturbed();
  }

  @Test
  void aSkipWaitsToo() throws Exception {
    Assign first = worker.assignment();
    disk.fill(0);
    worker.send(
        FromWorker.newBuilder()
            .setContribution(
                worker
                    .contribution(first)
                    .addFaults(Fault.newBuilder().setKind(Fault.Kind.NON_FINITE).setShard(0))));
    awaitNotice("training waits until there is room");
    run.heartbeat();
    assertThat(worker.next().orElseThrow().hasAlive()).isTrue();

    disk.free();
    run.tick();
    assertThat(worker.next().orElseThrow().hasSkip()).isTrue();
    assertThat(worker.next().orElseThrow().getAssign().getStep()).isEqualTo(1);
  }

  @Test
  void whoStopsMeanwhileCanResumeAtTheStepBefore() throws Exception {
    fillAndComputeAStep();
    assertThat(run.stop().kind()).isEqualTo(Ending.Kind.STOPPED);
    assertThat(run.resumedStep()).isZero();
  }
}
