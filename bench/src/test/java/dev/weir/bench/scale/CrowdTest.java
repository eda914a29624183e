package dev.weir.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.cli.Addresses;
import dev.weir.coordinator.AllReduceServer;
import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CrowdTest {
  private static final FailureLimits LIMITS = new FailureLimits(Duration.ofSeconds(60));
  private static final int WORKERS = 40;
  private static final int VALUES = 1_000;

  @Test
  void manyWorkersStepTogetherEachOnItsOwnConnection() throws Exception {
    try (AllReduceServer hub = hub();
        Crowd crowd = crowd(hub, WORKERS)) {
      crowd.stepping().get();

      Crowd.Seen seen = crowd.watch(ProcessHandle.current().pid(), 0, 5).get();

      assertThat(seen.steps()).hasSize(5);
      long vectors = 5L * WORKERS * VALUES * Integer.BYTES;
      long more = 2 * vectors; // Beside values: headers, and part of a step at either end.
      assertThat(seen.sent()).isBetween(vectors / 2, more);
      assertThat(seen.received()).isBetween(vectors / 2, more);
    }
  }

  @Test
  void wrongSumsAreNotTakenForGood() {
    try (AllReduceServer hub = hub();
        Crowd crowd = crowd(hub, WORKERS + 1)) {
      assertThatThrownBy(() -> crowd.stepping().get()).hasMessageContaining("wrong sums of step 0");
    }
  }

  private static AllReduceServer hub() {
    return new AllReduceServer(
        new InetSocketAddress("127.0.0.1", 0),
        new Door(HubProcess.TOKEN, null),
        new AllReduceServer.Plan(
            VALUES,
            300,
            SumFormat.FIXED32,
            Topology.HUB,
            WORKERS,
            WORKERS,
            Long.MAX_VALUE,
            LIMITS));
  }

  /** One that takes itself for so many; a worker more than the hub expects is not asked. */
  private static Crowd crowd(AllReduceServer hub, int count) {
    int[] vector = new int[VALUES];
    Arrays.setAll(vector, i -> i + 1);
    Endpoint endpoint = new Endpoint(Addresses.parse("hub", hub.address()), HubProcess.TOKEN, null);
    return new Crowd(endpoint, count, vector, SumFormat.FIXED32, LIMITS);
  }
}
