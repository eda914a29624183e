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
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sums from other workers may come after the coordinator's last word, or never. */
@Timeout(60)
class SumsOutOfTurnTest {
  private static final int[] SUMS = {3, 1, 4, 1};

  /** What a coordinator sends. */
  private interface Answers extends Consumer<StreamObserver<Frame<FromCoordinator>>> {}

  private interface Body {
    void run(CoordinatorLink link) throws Exception;
  }

  /** With a worker that was assigned step 0, and is sent something else afterwards. */
  private static void afterAssignment(List<Answers> rest, Body body) throws Exception {
    try (FakeCoordinator coordinator =
            new FakeCoordinator((message, answers) -> answer(message, answers, rest));
        CoordinatorLink link = new CoordinatorLink(coordinator.endpoint(), "waiting")) {
      Instruction.Welcome welcome = (Instruction.Welcome) link.next();
      link.ready(welcome, SUMS.length, SumFormat.FIXED32, 0, 0, null);
      assertThat(link.next(0)).isInstanceOf(Instruction.Compute.class);
      body.run(link);
    }
  }

  private static void answer(
      FromWorker message, StreamObserver<Frame<FromCoordinator>> answers, List<Answers> rest) {
    if (message.hasJoin()) {
      FakeCoordinator.welcome(answers, SUMS.length);
    } else if (message.hasReady()) {
      Assign.Builder assign = Assign.newBuilder().addShards(0);
      FakeCoordinator.send(answers, FromCoordinator.newBuilder().setAssign(assign));
      rest.forEach(each -> each.accept(answers));
    }
  }

  private static Answers sums(long step) {
    ValueChunk whole = new ValueChunk(step, 0, 0, SUMS, 0, SUMS.length, SumFormat.FIXED32);
    return answers -> answers.onNext(new Frame.Values<>(whole));
  }

  private static Answers finish() {
    Finish.Builder finish = Finish.newBuilder().setReason("all is done");
    return answers -> FakeCoordinator.send(answers, FromCoordinator.newBuilder().setFinish(finish));
  }

  @Test
  void sumsThatHaveComeSinceTheLastWordAreApplied() throws Exception {
    afterAssignment(
        List.of(finish(), sums(0)),
        link -> {
          Awaitility.await().until(() -> link.isEnded(0));

          assertThat(link.next(0))
              .isInstanceOfSatisfying(
                  Instruction.Commit.class, commit -> assertThat(commit.sums()).isEqualTo(SUMS));
          assertThat(link.next(1)).isInstanceOf(Instruction.Finish.class);
        });
  }

  @Test
  void whoIsBroughtThoseOfALaterStepEndsTheStreamToBeGivenTheState() throws Exception {
    afterAssignment(
        List.of(sums(1)),
        link ->
            assertThat(link.next(0))
                .isEqualTo(new Instruction.Broken("it went on to step 1 without this worker")));
  }

  @Test
  void butNotIfAllIsDone() throws Exception {
    afterAssignment(
        List.of(sums(1), finish()),
        link -> assertThat(link.next(0)).isInstanceOf(Instruction.Finish.class));
  }
}
