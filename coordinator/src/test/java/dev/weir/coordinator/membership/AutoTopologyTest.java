package dev.weir.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.wire.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Four shards, 400 kB, and workers that come and go. */
class AutoTopologyTest {
  private static final FailureLimits LIMITS = new FailureLimits(Duration.ofSeconds(2));
  private static final CostModel COSTS = new CostModel(100_000, 1_000, 4);

  /** 100 Mbit/s. */
  private static final Link SLOW = new Link(200_000, 12_500_000, 12_500_000);

  /** A fast link around the world. */
  private static final Link LONG = new Link(300_000_000, 1_000_000_000, 1_000_000_000);

  private final Membership membership =
      new Membership(
          new Rules(4, 100, 1, 1, 1, false, 2, 3, false, Topology.AUTO, COSTS, LIMITS), 0, 0);
  private final List<Effect.Choose> choices = new ArrayList<>();
  private long nowNs;

  @Test
  void aWorkerAloneHasNothingToChoose() {
    join(1, true, SLOW);
    endStep();
    assertThat(choices).isEmpty();
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
  }

  @Test
  void theChoiceIsToldOnceWithItsReason() {
    join(1, true, SLOW);
    join(2, true, SLOW);
    for (int i = 0; i < 5; i++) {
      endStep();
    }
    assertThat(membership.plan()).isEqualTo(new Plan(1, List.of(1, 2)));
    assertThat(choices).hasSize(1);
    assertThat(choices.get(0).direct()).isTrue();
    assertThat(choices.get(0).reason())
        .isEqualTo(
            "direct, 48 ms per exchange instead of 65 ms through the coordinator"
                + " (2 workers, 400 kB, slowest way 100 Mbit/s, longest round trip 0.20 ms)");
  }

  @Test
  void itIsRenewedAsWorkersComeAndGo() {
    join(1, true, SLOW);
    join(2, true, SLOW);
    endStep();
    join(3, true, LONG);
    endStep(); // The next step is as the others were told before.
    endStep();
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
    on(new Event.Lost(3, "it left"));
    endStep();
    assertThat(membership.plan()).isEqualTo(new Plan(1, List.of(1, 2)));
    assertThat(choices.stream().map(Effect.Choose::direct)).containsExactly(true, false, true);
    assertThat(choices.get(1).reason())
        .contains("through the coordinator, 3")
        .contains("3 workers");
  }

  @Test
  void whatIsNotKnownGoesThroughTheCoordinator() {
    join(1, true, SLOW);
    join(2, true, null);
    endStep();
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
    assertThat(choices)
        .containsExactly(
            new Effect.Choose(
                false, "through the coordinator, since worker-2 could not measure its way to it"));
  }

  @Test
  void whoCannotBeReachedIsNoOwner() {
    join(1, true, SLOW);
    join(2, false, null);
    endStep();
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
    assertThat(choices)
        .containsExactly(
            new Effect.Choose(
                false, "through the coordinator, since other workers do not reach worker-2"));
  }

  /** Who left the way to another break must not be sent back onto it. */
  @Test
  void aPlanThatBrokeWhileItWasNotInForceIsNotTakenUpAgain() {
    join(1, true, SLOW);
    join(2, true, SLOW);
    endStep();
    join(3, true, LONG);
    endStep();
    endStep();
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
    on(new Event.Unreachable(1, membership.step(), 1, "worker 2"));
    on(new Event.Lost(3, "it left"));
    endStep();
    assertThat(membership.plan()).isEqualTo(new Plan(2, List.of(1, 2)));
  }

  @Test
  void threeStepsThatWereDisturbedEndItForTheRun() {
    join(1, true, SLOW);
    join(2, true, SLOW);
    endStep();
    for (int i = 0; i < 3; i++) {
      assertThat(membership.plan().isDirect()).isTrue();
      on(new Event.Unreachable(1, membership.step(), membership.plan().number(), "worker 2"));
      assertThat(membership.plan()).isEqualTo(Plan.HUB);
      deliver();
      endStep(); // It was foretold, and is dealt anew through the coordinator.
    }
    join(3, true, SLOW);
    endStep();
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
  }

  /** Another attempt may go through the coordinator, and then who is lost breaks no plan. */
  @Test
  void whatWasForetoldDoesNotHoldWithoutOneForWhomItWas() {
    join(1, true, SLOW);
    join(2, true, SLOW);
    endStep();
    join(3, true, LONG);
    long step = membership.step();
    Fault overflow = new Fault(Fault.Kind.OVERFLOW, 0, "w");
    on(
        new Event.Contributed(
            1, step, 0, membership.plan().number(), membership.open(1), List.of(overflow)));
    assertThat(membership.attempt()).isEqualTo(1);
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
    on(new Event.Lost(2, "it left"));
    deliver();

    assertThat(membership.step()).isEqualTo(step + 1);
    assertThat(membership.open(1).cardinality() + membership.open(3).cardinality()).isEqualTo(4);
  }

  private void join(int worker, boolean reachable, @Nullable Link link) {
    on(new Event.Joined(worker, "worker-" + worker));
    on(new Event.Ready(worker, reachable, link));
  }

  /** Ends the step that was begun without the latest comers, too. */
  private void endStep() {
    if (membership.plan().isDirect()) {
      on(new Event.Reduced(membership.step(), membership.attempt()));
    } else {
      deliver();
    }
  }

  private void deliver() {
    BitSet all = new BitSet();
    all.set(0, 4);
    on(new Event.Delivered(1, membership.step(), membership.attempt(), all, all));
  }

  private void on(Event event) {
    nowNs += 1_000;
    for (Effect effect : membership.on(nowNs, event)) {
      if (effect instanceof Effect.Choose choose) {
        choices.add(choose);
      }
    }
  }
}
