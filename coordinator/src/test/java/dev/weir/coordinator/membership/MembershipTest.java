package dev.weir.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.job.FailureLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final Rules RULES =
      new Rules(4, 3, 1, 1, 2, 3, new FailureLimits(Duration.ofSeconds(2)));

  private final Membership membership = new Membership(RULES, 0, 0);
  private long nowNs;

  @Test
  void theFirstReadyWorkerIsSeededAndGetsAllShards() {
    join(1);

    assertThat(on(new Event.Ready(1)))
        .containsExactly(
            new Effect.Seed(1),
            new Effect.Begin(0, 0),
            new Effect.Assign(1, 1, 0, 0, shards(0, 1, 2, 3)));
  }

  @Test
  void shardsAreDealtForthAndBackSoThatCostsAreEven() {
    startWith(1, 2);
    on(new Event.Delivered(1, 0, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3)));

    assertThat(membership.open(1)).isEqualTo(shards(0, 3));
    assertThat(membership.open(2)).isEqualTo(shards(1, 2));
  }

  @Test
  void aLostWorkersShardsGoToTheOthers() {
    startWith(1, 2);
    on(new Event.Delivered(1, 0, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3)));

    List<Effect> effects = on(new Event.Lost(2, "its stream broke"));

    assertThat(effects)
        .containsExactly(
            new Effect.Assign(1, 3, 1, 0, shards(1)), new Effect.Assign(1, 3, 1, 0, shards(2)));
  }

  @Test
  void aStepIsCommittedOnceAllShardsAreDelivered() {
    startWith(1);

    assertThat(on(new Event.Delivered(1, 0, 0, shards(0, 1, 2), shards(0, 1, 2)))).isEmpty();
    assertThat(on(new Event.Delivered(1, 0, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3))))
        .startsWith(new Effect.Commit(0, 0), new Effect.Begin(1, 0));
  }

  @Test
  void anOverflowMeansAnotherAttemptByEverybody() {
    startWith(1, 2);

    List<Effect> effects = contribute(1, 0, 0, new Fault(Fault.Kind.OVERFLOW, 0, "w"));

    assertThat(effects.get(0)).isEqualTo(new Effect.Begin(0, 1));
    assertThat(assigned(effects)).isEqualTo(shards(0, 1, 2, 3));
  }

  @Test
  void whatBelongsToAnOlderAttemptOrStepHasNoEffect() {
    startWith(1, 2);
    contribute(1, 0, 0, new Fault(Fault.Kind.OVERFLOW, 0, "w"));

    assertThat(contribute(2, 0, 0, new Fault(Fault.Kind.OVERFLOW, 1, "w"))).isEmpty();
    assertThat(on(new Event.Delivered(2, 0, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3)))).isEmpty();
  }

  @Test
  void aValueThatIsNotFiniteSkipsTheStep() {
    startWith(1);
    Fault fault = new Fault(Fault.Kind.NON_FINITE, 2, "w");

    assertThat(contribute(1, 0, 0, fault))
        .startsWith(new Effect.Skip(0, fault, "worker-1"), new Effect.Begin(1, 0));
  }

  @Test
  void tooManySkippedStepsInARowEndTheJobAndNameTheCulprit() {
    startWith(1);
    contribute(1, 0, 0, new Fault(Fault.Kind.NON_FINITE, 2, "w"));

    List<Effect> effects = contribute(1, 1, 0, new Fault(Fault.Kind.NON_FINITE, 3, "layer.weight"));

    assertThat(effects).hasSize(2);
    assertThat(((Effect.Fail) effects.get(1)).reason())
        .contains("step 1", "layer.weight", "shard 3", "worker-1");
  }

  @Test
  void aStepThatNeverFitsEndsTheJob() {
    startWith(1);
    Fault fault = new Fault(Fault.Kind.OVERFLOW, 1, "layer.weight");
    contribute(1, 0, 0, fault);
    contribute(1, 0, 1, fault);

    List<Effect> effects = on(new Event.Contributed(1, 0, 2, shards(0, 1, 2, 3), List.of(fault)));

    assertThat(effects)
        .singleElement()
        .satisfies(e -> assertThat(((Effect.Fail) e).reason()).contains("3 times", "layer.weight"));
  }

  @Test
  void aSilentWorkerIsDroppedAndReplaced() {
    startWith(1, 2);
    on(new Event.Delivered(1, 0, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3)));
    on(new Event.Tick());
    tickFor(Duration.ofMillis(1700), 1);

    assertThat(tickFor(Duration.ofMillis(200), 1))
        .contains(
            new Effect.Drop(
                2, "was not heard for 1.8 s, at step 1, while shards {1, 2} were expected of it"));
    assertThat(membership.open(1)).isEqualTo(shards(0, 1, 2, 3));
  }

  @Test
  void withTooFewWorkersTheStepWaitsAndGoesOnWithWhatItHas() {
    Membership two =
        new Membership(new Rules(2, 3, 2, 1, 2, 3, new FailureLimits(Duration.ofSeconds(2))), 0, 0);
    two.on(0, new Event.Joined(1, "a"));
    two.on(0, new Event.Joined(2, "b"));
    assertThat(two.on(0, new Event.Ready(1)))
        .containsExactly(
            new Effect.Seed(1), new Effect.Await(1, 2, List.of("b, which is loading")));
    two.on(0, new Event.Ready(2));
    two.on(0, new Event.Delivered(1, 0, 0, shards(0), shards(0)));

    assertThat(two.on(0, new Event.Lost(2, "gone")))
        .containsExactly(new Effect.Await(1, 2, List.of("b, last heard 0.0 s ago")));
    two.on(0, new Event.Joined(3, "c"));
    assertThat(two.on(0, new Event.Ready(3)))
        .contains(new Effect.Seed(3))
        .doesNotContain(new Effect.Begin(0, 0))
        .filteredOn(Effect.Assign.class::isInstance)
        .isNotEmpty();
  }

  @Test
  void theLastStepFinishesTheJob() {
    startWith(1);
    for (long step = 0; step < 2; step++) {
      on(new Event.Delivered(1, step, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3)));
    }

    assertThat(on(new Event.Delivered(1, 2, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3))))
        .containsExactly(new Effect.Commit(2, 0), new Effect.Finish());
    assertThat(on(new Event.Lost(1, "gone"))).isEmpty();
  }

  @Test
  void aWorkerWithAStateOfItsOwnIsSeededAndComputesAgain() {
    startWith(1);

    assertThat(on(new Event.Diverged(1)))
        .startsWith(new Effect.Seed(1), new Effect.Assign(1, 1, 0, 0, shards(0)))
        .hasSize(5);
  }

  @Test
  void aLateWorkersShardsAreAlsoGivenToAnIdleOneAndTheFirstResultCounts() {
    startWith(1, 2);
    nowNs += Duration.ofMillis(100).toNanos();
    on(new Event.Delivered(1, 0, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3)));
    on(new Event.Tick());
    on(new Event.Delivered(1, 1, 0, shards(0, 3), shards(0, 3)));

    List<Effect> effects = tickFor(Duration.ofMillis(600), 1, 2);

    assertThat(effects).filteredOn(Effect.Late.class::isInstance).hasSize(1);
    assertThat(membership.open(1)).isEqualTo(shards(1, 2));
    on(new Event.Delivered(1, 1, 0, shards(1), shards(0, 1, 3)));
    assertThat(on(new Event.Delivered(1, 1, 0, shards(2), shards(0, 1, 2, 3))))
        .contains(new Effect.Commit(1, 0))
        .filteredOn(Effect.Settled.class::isInstance)
        .singleElement()
        .satisfies(e -> assertThat(((Effect.Settled) e).name()).isEqualTo("worker-2"));
    assertThat(membership.open(2)).as("it is still busy with step 1").isEqualTo(shards());
  }

  @Test
  void aPauseOfItsOwnIsNotTakenForTheWorkersSilence() {
    startWith(1);
    on(new Event.Tick());
    nowNs += Duration.ofSeconds(20).toNanos();

    assertThat(on(new Event.Tick())).isEmpty();
  }

  /** Lets time pass in ticks while only some workers are heard. */
  private List<Effect> tickFor(Duration duration, int... heard) {
    List<Effect> effects = new ArrayList<>();
    for (long until = nowNs + duration.toNanos(); nowNs < until; ) {
      nowNs += Duration.ofMillis(100).toNanos();
      for (int worker : heard) {
        on(new Event.Heard(worker));
      }
      effects.addAll(on(new Event.Tick()));
    }
    return effects;
  }

  private void startWith(int... workers) {
    for (int worker : workers) {
      join(worker);
    }
    for (int worker : workers) {
      on(new Event.Ready(worker));
    }
    if (workers.length > 1) {
      // The first to be ready got everything; the next step is dealt to all.
      on(new Event.Delivered(workers[0], 0, 0, new BitSet(), new BitSet()));
    }
  }

  private void join(int worker) {
    on(new Event.Joined(worker, "worker-" + worker));
  }

  private List<Effect> contribute(int worker, long step, int attempt, Fault fault) {
    return on(new Event.Contributed(worker, step, attempt, shards(fault.shard()), List.of(fault)));
  }

  private List<Effect> on(Event event) {
    return membership.on(nowNs, event);
  }

  private static BitSet assigned(List<Effect> effects) {
    BitSet all = new BitSet();
    effects.forEach(
        effect -> {
          if (effect instanceof Effect.Assign assign) {
            all.or(assign.shards());
          }
        });
    return all;
  }

  private static BitSet shards(int... numbers) {
    BitSet set = new BitSet();
    for (int number : numbers) {
      set.set(number);
    }
    return set;
  }
}
