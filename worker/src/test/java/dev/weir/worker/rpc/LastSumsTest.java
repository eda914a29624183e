package dev.weir.worker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Assign;
import dev.weir.proto.Finish;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Frame;
import dev.weir.wire.ValueChunk;
import dev.weir.worker.FakeCoordinator;
import io.grpc.stub.StreamObserver;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The last step's sums, from other workers, may come after the coordinator's last word. */
@Timeout(60)
class LastSumsTest {
  private static final int[] SUMS = {3, 1, 4, 1};

  @Test
  void sumsThatHaveComeSinceTheLastWordAreApplied() throws Exception {
    try (FakeCoordinator coordinator = new FakeCoordinator(LastSumsTest::answer);
        CoordinatorLink link = new CoordinatorLink(coordinator.endpoint(), "late")) {
      Instruction.Welcome welcome = (Instruction.Welcome) link.next();
      link.ready(welcome, SUMS.length, SumFormat.FIXED32, 0, 0, null);
      assertThat(link.next(0)).isInstanceOf(Instruction.Compute.class);
      Awaitility.await().until(() -> link.isEnded(0));

      assertThat(link.next(0))
          .isInstanceOfSatisfying(
              Instruction.Commit.class, commit -> assertThat(commit.sums()).isEqualTo(SUMS));
      assertThat(link.next(1)).isInstanceOf(Instruction.Finish.class);
    }
  }

  /** Assigns one step, says that all is done, and only then gives the sums. */
  private static void answer(FromWorker message, StreamObserver<Frame<FromCoordinator>> answers) {
    FromCoordinator.Builder answer = FromCoordinator.newBuilder();
    if (message.hasJoin()) {
      FakeCoordinator.welcome(answers, SUMS.length);
    } else if (message.hasReady()) {
      FakeCoordinator.send(answers, answer.setAssign(Assign.newBuilder().addShards(0)));
      Finish.Builder finish = Finish.newBuilder().setReason("all is done");
      FakeCoordinator.send(answers, answer.setFinish(finish));
      ValueChunk sums = new ValueChunk(0, 0, 0, SUMS, 0, SUMS.length, SumFormat.FIXED32);
      answers.onNext(new Frame.Values<>(sums));
    }
  }
}
