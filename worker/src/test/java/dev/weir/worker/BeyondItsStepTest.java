package dev.weir.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.job.FailureLimits;
import dev.weir.proto.Assign;
import dev.weir.proto.Blob;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Frame;
import dev.weir.wire.ValueChunk;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other workers gave it the sums of a step that the coordinator could not commit. */
@Timeout(60)
class BeyondItsStepTest {
  private static final int[] SUMS = {3, 1, 4, 1};

  private final List<Long> fingerprints = new CopyOnWriteArrayList<>();

  @Test
  void itSaysSoAndGoesBackToTheStateThatItIsGiven() throws Exception {
    try (FakeCoordinator coordinator = new FakeCoordinator(this::answer);
        AllReduceClient client =
            new AllReduceClient(
                coordinator.endpoint(),
                "ahead",
                SUMS.length,
                SumFormat.FIXED32,
                1,
                null,
                null,
                new FailureLimits(Duration.ofSeconds(30)))) {
      assertThat(client.allReduce(new int[SUMS.length])).isEqualTo(SUMS);
      assertThat(client.round()).isEqualTo(1);

      assertThat(client.allReduce(new int[SUMS.length])).isEqualTo(SUMS);
      assertThat(client.round()).isEqualTo(1);
    }
    assertThat(fingerprints).containsExactly(0L, 1L, 0L);
  }

  /** Has step 0 done, and then done again. */
  private void answer(FromWorker message, StreamObserver<Frame<FromCoordinator>> answers) {
    FromCoordinator.Builder answer = FromCoordinator.newBuilder();
    if (message.hasJoin()) {
      FakeCoordinator.welcome(answers, SUMS.length);
    } else if (message.hasReady()) {
      FakeCoordinator.send(answers, answer.setAssign(Assign.newBuilder().addShards(0)));
    } else if (message.hasContribution()) {
      fingerprints.add(message.getContribution().getStateFingerprint());
      if (message.getContribution().getStateFingerprint() == 0) {
        answers.onNext(
            new Frame.Values<>(new ValueChunk(0, 0, 0, SUMS, 0, SUMS.length, SumFormat.FIXED32)));
      } else {
        FakeCoordinator.send(answers, answer.setBlob(stateOfStepZero()));
      }
      if (fingerprints.size() < 3) {
        FakeCoordinator.send(answers, answer.setAssign(Assign.newBuilder().addShards(0)));
      }
    }
  }

  private static Blob stateOfStepZero() {
    return Blob.newBuilder()
        .setKind(Blob.Kind.STATE)
        .setTotalBytes(Long.BYTES)
        .setData(ByteString.copyFrom(new byte[Long.BYTES]))
        .build();
  }
}
