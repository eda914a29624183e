package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.job.Topology;
import dev.weir.proto.Assign;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Ready;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two workers that add, and one of whom the coordinator hears late. */
@Timeout(60)
class ToldAheadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The chunks that each owns, of three. */
  private static final List<Integer> OF_EARLY = List.of(0, 2);

  private static final List<Integer> OF_LATE = List.of(1);

  @TempDir Path folder;
  private TinyRun run;
  private FakeWorker early;
  private FakeWorker late;

  /** What each was told, in order. */
  private final List<Assign> earlyTold = new ArrayList<>();

  private final List<Assign> lateTold = new ArrayList<>();

  @BeforeEach
  void join() throws Exception {
    run = new TinyRun(folder.resolve("direct"), 2, PATIENCE, Topology.DIRECT);
    early = join("early");
    late = join("late");
    for (int i = 0; i < 2; i++) {
      earlyTold.add(early.assignment());
      lateTold.add(late.assignment());
    }
  }

  @AfterEach
  void stop() {
    early.close();
    late.close();
    run.close();
  }

  private FakeWorker join(String name) throws Exception {
    FakeWorker worker = run.worker(name).join();
    ready(worker);
    return worker;
  }

  /** Says that it is ready, and where it serves others; nobody dials it successfully. */
  private void ready(FakeWorker worker) throws InterruptedException {
    Ready.Builder ready =
        worker
            .digests(TinyRun.maskDigest())
            .setStep(worker.state.step())
            .setStateFingerprint(worker.state.fingerprint())
            .setExchangeAddress("127.0.0.1:1");
    worker.send(FromWorker.newBuilder().setReady(ready));
    run.readied();
  }

  private static void contribute(FakeWorker worker, Assign assign) {
    worker.send(
        FromWorker.newBuilder()
            .setContribution(worker.contribution(assign).setPlan(assign.getPlan())));
  }

  /** What all shards of a step come to, at that step. */
  private int[] total(FakeWorker at, int step) {
    int[] total = at.sums(earlyTold.get(step));
    int[] others = at.sums(lateTold.get(step));
    for (int i = 0; i < total.length; i++) {
      total[i] += others[i];
    }
    return total;
  }

  /** Sends the coordinator the sums of some chunks. */
  private static void sums(FakeWorker worker, Assign assign, List<Integer> chunks, int[] total) {
    for (int index : chunks) {
      worker.send(
          FromWorker.newBuilder()
              .setChunk(worker.chunk(assign, index * TinyRun.CHUNK, total).setReduced(true)));
    }
  }

  private void contributeEarly(int step) {
    contribute(early, earlyTold.get(step));
    sums(early, earlyTold.get(step), OF_EARLY, total(early, step));
  }

  @Test
  void eachIsToldWhatFollowsWhenAStepBegins() {
    for (List<Assign> told : List.of(earlyTold, lateTold)) {
      assertThat(told.stream().map(Assign::getStep)).containsExactly(0L, 1L);
      assertThat(told.stream().map(Assign::getAhead)).containsExactly(false, true);
      assertThat(told.get(1).getShardsList()).isEqualTo(told.get(0).getShardsList());
      assertThat(told.get(1).getPlan()).isEqualTo(told.get(0).getPlan()).isEqualTo(1);
    }
  }

  /** Until the end, the sums of one owner come when the other is a step further already. */
  @Test
  void whatComesOfTheNextStepWaitsUntilThatBegins() throws Exception {
    contributeEarly(0);
    for (int step = 0; step < TinyRun.STEPS; step++) {
      int[] total = total(late, step);
      contribute(late, lateTold.get(step));
      early.state.commit(0, total);
      if (step + 1 < TinyRun.STEPS) {
        contributeEarly(step + 1);
        ready(early); // When that has come, so has everything before.
      }
      sums(late, lateTold.get(step), OF_LATE, total);
      late.state.commit(0, total);
      if (step + 2 < TinyRun.STEPS) {
        earlyTold.add(early.assignment());
        lateTold.add(late.assignment());
      }
    }

    early.next(FromCoordinator.MessageCase.FINISH);
    assertThat(run.digestAtTheEnd()).isEqualTo(digestByHub());
  }

  private String digestByHub() throws Exception {
    try (TinyRun hub = new TinyRun(folder.resolve("hub"), 1, PATIENCE);
        FakeWorker worker = hub.worker("alone")) {
      worker.begin().work();
      return hub.digestAtTheEnd();
    }
  }

  @Test
  void moreThanOneContributionToAStepThatIsYetToBegin() throws Exception {
    early.state.commit(0, total(early, 0));
    for (int i = 0; i < 3; i++) {
      contribute(early, earlyTold.get(1));
    }
    assertThat(early.refusal())
        .isEqualTo("more than one contribution to step 1, which is yet to begin");
  }

  @Test
  void whatIsWrongWithAnEarlyContributionIsItsSendersFault() throws Exception {
    Assign next = earlyTold.get(1);
    int others = lateTold.get(1).getShards(0);
    contribute(early, next.toBuilder().addShards(others).build());
    assertThat(early.refusal())
        .isEqualTo(
            "a contribution of shard "
                + others
                + " to step 1; assigned to it are {"
                + next.getShards(0)
                + ", "
                + next.getShards(1)
                + "}, each once");
    assertThat(late.assignment().getShardsCount()).isPositive(); // The run goes on.
  }

  @Test
  void aContributionToAStepThatWasNotForetold() throws Exception {
    contribute(early, earlyTold.get(0).toBuilder().setStep(2).build());
    contribute(early, earlyTold.get(0).toBuilder().setAttempt(1).build());
    contribute(early, earlyTold.get(0).toBuilder().addShards(3).build());
    assertThat(early.refusal()).startsWith("a contribution of shard 3 to step 0; assigned to it");
  }
}
