package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.RunListeners;
import dev.weir.proto.Assign;
import dev.weir.proto.FromCoordinator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An exception that nobody expected: the run ends and says so, or one peer goes; nothing hangs. */
@Timeout(60)
class UnexpectedErrorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void inTheStepLoopItEndsTheRunAtTheLastStepOfTheJournal() throws Exception {
    try (TinyRun run = new TinyRun(folder, 1, PATIENCE);
        FakeWorker worker = run.worker("honest").begin()) {
      Assign first = worker.assignment();
      worker.compute(first);
      worker.commit(first);
      run.failFrom(1);
      worker.compute(worker.assignment());

      Ending ending = run.ending();

      assertThat(ending.kind()).isEqualTo(Ending.Kind.FAILED);
      assertThat(ending.reason()).contains("step 2", "made up for this test", "bug of Weir");
      assertThat(worker.next(FromCoordinator.MessageCase.FINISH).getFinish().getReason())
          .contains("bug of Weir");
      assertThat(run.resumedStep()).isEqualTo(2);
    }
  }

  @Test
  void inTakingAMessageItCostsThatPeer() throws Exception {
    try (TinyRun run = new TinyRun(folder, 1, PATIENCE);
        FakeWorker worker = run.worker("honest")) {
      run.failOnJoinOf("hostile");
      try (FakeWorker hostile = run.worker("hostile")) {
        hostile.sendJoin();
        assertThat(hostile.refusal()).contains("could not take");
      }
      worker.begin().work();
      assertThat(run.digestAtTheEnd()).isEqualTo(worker.state.digest());
    }
  }

  @Test
  void ofSomebodyWhoOnlyWatchesItIsNoneOfTheRunsBusiness() {
    List<String> heard = new ArrayList<>();
    RunListener broken =
        new RunListener() {
          @Override
          public void notice(String message) {
            throw new IllegalStateException("made up for this test");
          }
        };
    RunListener sound =
        new RunListener() {
          @Override
          public void notice(String message) {
            heard.add(message);
          }
        };

    new RunListeners(List.of(broken, sound)).notice("hello");

    assertThat(heard).containsExactly("hello");
  }
}
