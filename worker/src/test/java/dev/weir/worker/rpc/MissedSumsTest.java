package dev.weir.worker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Assign;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Frame;
import dev.weir.wire.ValueChunk;
import dev.weir.worker.FakeCoordinator;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sums of a step come whole, and those of the step before never did. */
@Timeout(60)
class MissedSumsTest {
  private static final int[] SUMS = {3, 1, 4, 1};

  @Test
  void theWorkerEndsTheStreamToBeGivenTheState() throws Exception {
    try (FakeCoordinator coordinator = new FakeCoordinator(MissedSumsTest::answer);
        CoordinatorLink link = new CoordinatorLink(coordinator.endpoint(), "left-behind")) {
      Instruction.Welcome welcome = (Instruction.Welcome) link.next();
      link.ready(welcome, SUMS.length, SumFormat.FIXED32, 0, 0, null);
      assertThat(link.next(0)).isInstanceOf(Instruction.Compute.class);

      assertThat(link.next(0))
          .isEqualTo(new Instruction.Broken("it went on to step 1 without this worker"));
    }
  }

  private static void answer(FromWorker message, StreamObserver<Frame<FromCoordinator>> answers) {
    FromCoordinator.Builder answer = FromCoordinator.newBuilder();
    if (message.hasJoin()) {
      FakeCoordinator.welcome(answers, SUMS.length);
    } else if (message.hasReady()) {
      FakeCoordinator.send(answers, answer.setAssign(Assign.newBuilder().addShards(0)));
      ValueChunk sums = new ValueChunk(1, 0, 0, SUMS, 0, SUMS.length, SumFormat.FIXED32);
      answers.onNext(new Frame.Values<>(sums));
    }
  }
}
