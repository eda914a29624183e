package dev.weir.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proto.Finish;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Prepare;
import dev.weir.wire.Frame;
import dev.weir.worker.gradient.Pace;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A coordinator that goes away while it chooses the mask is expected back. */
@Timeout(60)
class PreparingTest {
  private static final String JOB = "model: {layers: 1}\n";

  private int joins;

  @Test
  void aWorkerThatWasToldTheJobDialsAgain() throws Exception {
    try (FakeCoordinator coordinator = new FakeCoordinator(this::answer)) {
      Serving serving = new Serving(coordinator.endpoint(), null, false);
      Worker worker =
          new Worker(coordinator.endpoint(), "early", 0, "cpu", null, Pace.NONE, serving);

      assertThat(worker.run()).isTrue();
      assertThat(joins).isEqualTo(2);
    }
  }

  /** Tells the job and goes away; the second time, says that all is done. */
  private void answer(FromWorker message, StreamObserver<Frame<FromCoordinator>> answers) {
    joins++;
    FromCoordinator.Builder answer = FromCoordinator.newBuilder();
    if (joins == 1) {
      answer.setPrepare(Prepare.newBuilder().setJob(JOB));
    } else {
      answer.setFinish(Finish.newBuilder().setReason("all is done"));
    }
    FakeCoordinator.send(answers, answer);
    answers.onCompleted();
  }
}
