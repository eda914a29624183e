package dev.weir.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps in which the workers add: two of them, two shards, one each. */
class PlansTest {
  private static final int STEPS = 10;
  private static final CostModel COSTS = new CostModel(100_000, 1000, 4);
  private static final FailureLimits LIMITS = new FailureLimits(Duration.ofSeconds(2));

  private final Membership membership =
      new Membership(
          new Rules(2, STEPS, 1, 1, 2, false, 2, 3, false, Topology.DIRECT, COSTS, LIMITS), 0, 0);
  private long nowNs;
  private List<Effect> letIn = List.of();

  @BeforeEach
  void letThemIn() {
    for (int worker = 1; worker <= 2; worker++) {
      on(new Event.Joined(worker, "worker-" + worker));
      letIn = on(new Event.Ready(worker, true));
    }
  }

  @Test
  void aPlanIsAnnouncedOnceAndHoldsForStepAfterStepAndEachIsToldBefore() {
    assertThat(letIn)
        .containsExactly(
            new Effect.Seed(2),
            new Effect.Begin(0, 0),
            new Effect.Announce(new Plan(1, List.of(1, 2))),
            new Effect.Assign(1, 2, 0, 0, 1, shards(0)),
            new Effect.Assign(2, 2, 0, 0, 1, shards(1)),
            new Effect.Foretell(1, 2, 1, 1, shards(0)),
            new Effect.Foretell(2, 2, 1, 1, shards(1)));

    assertThat(reduce(0))
        .containsExactly(
            new Effect.Commit(0, 0),
            new Effect.Begin(1, 0),
            new Effect.Proceed(1, 1, shards(0)),
            new Effect.Proceed(2, 1, shards(1)),
            new Effect.Foretell(1, 2, 2, 1, shards(0)),
            new Effect.Foretell(2, 2, 2, 1, shards(1)));
    assertThat(membership.open(1)).isEqualTo(shards(0));
  }

  @Test
  void nothingIsForetoldBeyondTheLastStep() {
    for (int step = 0; step < STEPS - 2; step++) {
      assertThat(reduce(step)).hasAtLeastOneElementOfType(Effect.Foretell.class);
    }

    assertThat(reduce(STEPS - 2)).doesNotHaveAnyElementsOfTypes(Effect.Foretell.class);
    assertThat(reduce(STEPS - 1))
        .containsExactly(new Effect.Commit(STEPS - 1, 0), new Effect.Finish());
  }

  @Test
  void whoComesIsDealtWithAfterTheStepThatWasForetold() {
    on(new Event.Joined(3, "worker-3"));
    on(new Event.Ready(3, true));

    assertThat(reduce(0))
        .hasAtLeastOneElementOfType(Effect.Proceed.class)
        .doesNotHaveAnyElementsOfTypes(Effect.Foretell.class);
    assertThat(reduce(1)).contains(new Effect.Assign(1, 3, 2, 0, 1, shards(0)));
  }

  @Test
  void whatWasForetoldBeforeALossIsDealtAnewThroughTheHub() {
    on(new Event.Joined(3, "worker-3"));
    on(new Event.Ready(3, true));
    contribute(1, 0, 1, 0);
    on(new Event.Lost(2, "its stream broke"));
    deliverByHub(0);

    assertThat(membership.plan()).isEqualTo(Plan.HUB);
    assertThat(membership.open(1).cardinality() + membership.open(3).cardinality()).isEqualTo(2);
    BitSet open = membership.open(1);
    // Worker 1 may make what it was told before first, and that means nothing.
    assertThat(contribute(1, 1, 1, 0)).isEmpty();
    assertThat(membership.open(1)).isEqualTo(open);

    deliverByHub(1);
    assertThat(membership.plan()).isEqualTo(new Plan(2, List.of(1, 3)));
  }

  @Test
  void anotherAttemptAndASkippedStepLeaveWhatWasForetold() {
    Fault overflow = new Fault(Fault.Kind.OVERFLOW, 0, "w");
    assertThat(on(new Event.Contributed(1, 0, 0, 1, shards(0), List.of(overflow))))
        .contains(new Effect.Begin(0, 1), new Effect.Assign(1, 2, 0, 1, 1, shards(0)));

    Fault infinite = new Fault(Fault.Kind.NON_FINITE, 1, "w");
    assertThat(on(new Event.Contributed(2, 0, 1, 1, shards(1), List.of(infinite))))
        .contains(new Effect.Begin(1, 0), new Effect.Proceed(1, 1, shards(0)));
  }

  @Test
  void afterALossWhatIsLeftOfTheStepGoesThroughTheHub() {
    contribute(1, 0, 1, 0);

    assertThat(on(new Event.Lost(2, "its stream broke")))
        .containsExactly(
            new Effect.GiveUp(0, "worker-2 is lost", false),
            new Effect.Assign(1, 3, 0, 0, 0, shards(0)),
            new Effect.Assign(1, 3, 0, 0, 0, shards(1)));
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
  }

  @Test
  void theNextPlanHasAnotherNumber() {
    on(new Event.Unreachable(1, 0, 1, "worker 2"));
    deliverByHub(0);
    assertThat(membership.plan())
        .isEqualTo(Plan.HUB); // Of what was foretold some may be under way.
    deliverByHub(1);

    assertThat(membership.plan()).isEqualTo(new Plan(2, List.of(1, 2)));
  }

  @Test
  void whoHasMissedSumsIsGivenTheState() {
    contribute(1, 0, 1, 0);
    contribute(2, 0, 1, 1);
    on(new Event.Reduced(0, 0));

    assertThat(on(new Event.Unreachable(1, 0, 1, "worker 2")))
        .contains(new Effect.Seed(1))
        .anyMatch(effect -> effect instanceof Effect.GiveUp);
  }

  @Test
  void whatBelongsToAPlanThatIsOverOnlyFreesTheWorker() {
    on(new Event.Unreachable(1, 0, 1, "worker 2"));

    assertThat(contribute(1, 0, 1, 0)).isEmpty();
    assertThat(membership.open(1)).isEqualTo(shards(0));
  }

  @Test
  void ifNothingMovesTheHubHelpsAndAfterThreeTimesForGood() {
    List<Effect.GiveUp> given = new ArrayList<>();
    for (int step = 0; step < 8; step++) {
      contribute(1, step, membership.plan().number(), 0);
      contribute(2, step, membership.plan().number(), 1);
      for (int tick = 0; tick < 30; tick++) {
        nowNs += Duration.ofMillis(100).toNanos();
        on(new Event.Heard(1));
        on(new Event.Heard(2));
        for (Effect effect : on(new Event.Tick())) {
          if (effect instanceof Effect.GiveUp giveUp) {
            given.add(giveUp);
          }
        }
      }
      deliverByHub(step);
    }

    assertThat(given.stream().map(Effect.GiveUp::last)).containsExactly(false, false, true);
    assertThat(membership.plan()).isEqualTo(Plan.HUB);
  }

  @Test
  void aWorkerThatServesNobodyLeavesAllToTheHub() {
    on(new Event.Joined(3, "shy"));
    on(new Event.Lost(2, "it left"));
    on(new Event.Ready(3, false));
    deliverByHub(0);

    assertThat(membership.plan()).isEqualTo(Plan.HUB);
  }

  private List<Effect> reduce(long step) {
    contribute(1, step, membership.plan().number(), 0);
    contribute(2, step, membership.plan().number(), 1);
    return on(new Event.Reduced(step, 0));
  }

  private void deliverByHub(long step) {
    BitSet all = shards(0, 1);
    for (int worker = 1; worker <= 3 && membership.step() == step; worker++) {
      on(new Event.Delivered(worker, step, membership.attempt(), all, all));
    }
  }

  private List<Effect> contribute(int worker, long step, long plan, int shard) {
    return on(new Event.Contributed(worker, step, 0, plan, shards(shard), List.of()));
  }

  private List<Effect> on(Event event) {
    nowNs += 1_000;
    return membership.on(nowNs, event);
  }

  private static BitSet shards(int... numbers) {
    BitSet set = new BitSet();
    for (int number : numbers) {
      set.set(number);
    }
    return set;
  }
}
