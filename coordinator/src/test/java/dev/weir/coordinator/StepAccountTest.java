package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.rpc.Claim;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.coordinator.rpc.WorkerTimes;
import dev.weir.wire.WireBytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepAccountTest {
  private final StepAccount account = new StepAccount(2, new WireBytes());

  @Test
  void whoGaveAShardUpDoesNotChangeItsLossSoonerOrLater() {
    account.begin();
    contribute(1, 0, 0);
    account.begun(claim(0, 0.5));
    contribute(2, 0, 0.5);
    contribute(1, 0, 0);
    assertThat(account.isComplete()).isFalse();
    contribute(2, 1, 0.25);

    assertThat(account.isComplete()).isTrue();
    assertThat(account.loss()).isEqualTo(0.75);
  }

  @Test
  void anotherAttemptHasItsOwnLosses() {
    account.begin();
    contribute(1, 0, 0.5);
    account.begin();
    contribute(1, 0, 0.25);
    contribute(1, 1, 0.25);

    assertThat(account.loss()).isEqualTo(0.5);
  }

  private void contribute(int worker, int shard, double loss) {
    account.contributed(
        worker, new Contribution(claim(shard, loss), List.of(), new WorkerTimes(0, 0, 0, 0)));
  }

  private static Claim claim(int shard, double loss) {
    return new Claim(0, 0, List.of(shard), List.of(loss), 0, 0);
  }
}
