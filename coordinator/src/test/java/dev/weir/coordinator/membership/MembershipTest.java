package dev.weir.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final CostModel COSTS = new CostModel(1, 1, 4);
  private static final Rules RULES =
      new Rules(
          4,
          300,
          1,
          1,
          1,
          false,
          2,
          3,
          true,
          Topology.HUB,
          COSTS,
          new FailureLimits(Duration.ofSeconds(2)));

  private final Membership membership = new Membership(RULES, 0, 0);
  private final Map<Integer, Deque<Effect.Assign>> queues = new HashMap<>();
  private final Map<Integer, Long> busySinceNs = new HashMap<>();
  private final BitSet done = new BitSet();
  private final List<Effect> seen = new ArrayList<>();
  private long nowNs;

  @Test
  void theFirstReadyWorkerIsSeededAndGetsAllShards() {
    join(1);

    assertThat(on(new Event.Ready(1, false)))
        .containsExactly(
            new Effect.Seed(1),
            new Effect.Begin(0, 0),
            new Effect.Assign(1, 1, 0, 0, 0, shards(0, 1, 2, 3)));
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
            new Effect.Assign(1, 3, 1, 0, 0, shards(1)),
            new Effect.Assign(1, 3, 1, 0, 0, shards(2)));
  }

  @Test
  void aStepIsCommittedOnceAllShardsAreDelivered() {
    startWith(1);

    assertThat(on(new Event.Delivered(1, 0, 0, shards(0, 1, 2), shards(0, 1, 2)))).isEmpty();
    assertThat(on(new Event.Delivered(1, 0, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3))))
        .startsWith(new Effect.Commit(0, 0), new Effect.Begin(1, 0));
  }

  @Test
  void aThousandWorkersAreEachAskedOnceInAStepAndOweNothingOnceTheyHaveDelivered() {
    int workers = 1_000;
    Rules rules =
        new Rules(
            workers, 3, 1, 1, workers, false, 2, 3, true, Topology.HUB, COSTS, RULES.limits());
    Membership many = new Membership(rules, 0, 0);
    List<Effect> effects = List.of();
    for (int worker = 1; worker <= workers; worker++) {
      many.on(nowNs, new Event.Joined(worker, "worker-" + worker));
      effects = many.on(nowNs, new Event.Ready(worker, false));
    }
    for (int step = 0; step < 3; step++) {
      nowNs += Duration.ofMillis(100).toNanos();
      List<Effect.Assign> tasks = assignments(effects);
      assertThat(tasks).hasSize(workers);
      BitSet delivered = new BitSet();
      for (Effect.Assign task : tasks) {
        delivered.or(task.shards());
        effects =
            many.on(
                nowNs,
                new Event.Delivered(
                    task.worker(), step, 0, task.shards(), (BitSet) delivered.clone()));
        assertThat(many.step() > step || many.open(task.worker()).isEmpty()).isTrue();
        assertThat(effects.isEmpty()).isEqualTo(many.step() == step);
      }
      assertThat(effects).startsWith(new Effect.Commit(step, 0));
    }
  }

  private static List<Effect.Assign> assignments(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.Assign.class::isInstance)
        .map(Effect.Assign.class::cast)
        .toList();
  }

  @Test
  void aRoundOfLocalStepsPassesAsOneAndTheLastMayBeShorter() {
    Membership rounds =
        new Membership(
            new Rules(1, 5, 4, 1, 1, false, 2, 3, true, Topology.HUB, COSTS, RULES.limits()), 0, 0);
    rounds.on(nowNs, new Event.Joined(1, "one"));
    rounds.on(nowNs, new Event.Ready(1, false));

    assertThat(rounds.on(nowNs, new Event.Delivered(1, 0, 0, shards(0), shards(0))))
        .startsWith(new Effect.Commit(0, 0), new Effect.Begin(4, 0));
    assertThat(rounds.on(nowNs, new Event.Delivered(1, 4, 0, shards(0), shards(0))))
        .containsExactly(new Effect.Commit(4, 0), new Effect.Finish());
    assertThat(rounds.step()).isEqualTo(5);
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
        new Membership(
            new Rules(
                2,
                3,
                1,
                2,
                1,
                false,
                2,
                3,
                true,
                Topology.HUB,
                COSTS,
                new FailureLimits(Duration.ofSeconds(2))),
            0,
            0);
    two.on(0, new Event.Joined(1, "a"));
    two.on(0, new Event.Joined(2, "b"));
    assertThat(two.on(0, new Event.Ready(1, false)))
        .containsExactly(
            new Effect.Seed(1), new Effect.Await(1, 2, 0, List.of("b, which is loading")));
    two.on(0, new Event.Ready(2, false));
    two.on(0, new Event.Delivered(1, 0, 0, shards(0), shards(0)));

    assertThat(two.on(0, new Event.Lost(2, "gone")))
        .containsExactly(new Effect.Await(1, 2, 0, List.of("b, last heard 0.0 s ago")));
    two.on(0, new Event.Joined(3, "c"));
    assertThat(two.on(0, new Event.Ready(3, false)))
        .contains(new Effect.Seed(3))
        .doesNotContain(new Effect.Begin(0, 0))
        .filteredOn(Effect.Assign.class::isInstance)
        .isNotEmpty();
  }

  @Test
  void theLastStepFinishesTheJob() {
    startWith(1);
    playSteps(299, 10);

    assertThat(on(new Event.Delivered(1, 299, 0, shards(0, 1, 2, 3), shards(0, 1, 2, 3))))
        .containsExactly(new Effect.Commit(299, 0), new Effect.Finish());
    assertThat(on(new Event.Lost(1, "gone"))).isEmpty();
  }

  @Test
  void afterARestartTheFirstToComeBackWaitsForOthersButNotForLong() {
    Rules resumed =
        new Rules(
            4,
            300,
            1,
            1,
            3,
            true,
            2,
            3,
            true,
            Topology.HUB,
            COSTS,
            new FailureLimits(Duration.ofSeconds(2)));
    Membership again = new Membership(resumed, 7, 0);
    again.on(0, new Event.Joined(1, "a"));
    again.on(0, new Event.Joined(2, "b"));
    assertThat(again.on(0, new Event.Ready(1, false))).containsExactly(new Effect.Seed(1));
    assertThat(again.on(100_000_000, new Event.Ready(2, false)))
        .containsExactly(new Effect.Seed(2));
    assertThat(again.on(300_000_000, new Event.Tick())).isEmpty();

    assertThat(again.on(350_000_000, new Event.Tick()))
        .containsExactly(
            new Effect.Begin(7, 0),
            new Effect.Assign(1, 2, 7, 0, 0, shards(0, 3)),
            new Effect.Assign(2, 2, 7, 0, 0, shards(1, 2)));
  }

  @Test
  void itIsSaidAgainAndAgainForWhomTheJobWaits() {
    startWith(1);
    on(new Event.Tick());
    on(new Event.Lost(1, "gone"));
    nowNs += Duration.ofMillis(500).toNanos();
    assertThat(on(new Event.Tick())).isEmpty();

    assertThat(tickFor(Duration.ofSeconds(10)))
        .containsExactly(
            new Effect.Await(
                0,
                1,
                Duration.ofSeconds(10).toNanos(),
                List.of("worker-1, last heard 10.0 s ago")));
  }

  @Test
  void aWorkerWithAStateOfItsOwnIsSeededAndComputesAgain() {
    startWith(1);

    assertThat(on(new Event.Diverged(1)))
        .startsWith(new Effect.Seed(1), new Effect.Assign(1, 1, 0, 0, 0, shards(0)))
        .hasSize(5);
  }

  @Test
  void anOverdueWorkersShardsAreAlsoMadeByAnIdleOneAndTheFirstResultCounts() {
    startWith(1, 2);
    playSteps(20, 100, 100);
    seen.clear();

    assertThat(playSteps(1, 100, 5000)).isLessThan(Duration.ofMillis(500));

    assertThat(seen)
        .filteredOn(Effect.Settled.class::isInstance)
        .singleElement()
        .satisfies(
            effect -> {
              Effect.Settled settled = (Effect.Settled) effect;
              assertThat(settled.name()).isEqualTo("worker-2");
              assertThat(Duration.ofNanos(settled.costNs()))
                  .isBetween(Duration.ofMillis(150), Duration.ofMillis(300));
            });
    assertThat(membership.open(2)).as("it is still busy with the step before").isEqualTo(shards());
    seen.clear();
    tickFor(Duration.ofMillis(1500), 1, 2);
    assertThat(seen)
        .filteredOn(Effect.Late.class::isInstance)
        .as("the only one left is late itself")
        .hasSize(1);
  }

  @Test
  void aSlowWorkerIsSparedUntilItMakesACopyInTime() {
    startWith(1, 2, 3, 4, 5);
    playSteps(20, 300, 100, 100, 100, 100);

    assertThat(membership.open(1)).as("a copy, or busy with the one before").matches(this::isCopy);
    assertThat(playSteps(10, 300, 100, 100, 100, 100)).isEqualTo(Duration.ofSeconds(1));
    playSteps(20, 100, 100, 100, 100, 100);
    assertThat(playSteps(10, 100, 100, 100, 100, 300)).isLessThan(Duration.ofMillis(1500));
    assertThat(playSteps(10, 100, 100, 100, 100, 300)).isEqualTo(Duration.ofSeconds(1));
  }

  private boolean isCopy(BitSet shards) {
    BitSet others = new BitSet();
    for (int worker = 2; worker <= 5; worker++) {
      others.or(membership.open(worker));
    }
    return others.cardinality() == RULES.shards();
  }

  @Test
  void aPauseOfItsOwnIsNotTakenForTheWorkersSilence() {
    startWith(1);
    on(new Event.Tick());
    nowNs += Duration.ofSeconds(20).toNanos();

    assertThat(on(new Event.Tick())).isEmpty();
  }

  /** Plays steps in which worker i + 1 takes so many milliseconds for a shard. */
  private Duration playSteps(int steps, int... shardMs) {
    long beganNs = nowNs;
    for (long until = membership.step() + steps; membership.step() < until; ) {
      nowNs += Duration.ofMillis(10).toNanos();
      on(new Event.Tick());
      for (int worker = 1; worker <= shardMs.length; worker++) {
        on(new Event.Heard(worker));
        answerIfDone(worker, Duration.ofMillis(shardMs[worker - 1]).toNanos());
      }
    }
    return Duration.ofNanos(nowNs - beganNs);
  }

  /** A worker does what it was assigned in order, and all of it. */
  private void answerIfDone(int worker, long shardNs) {
    Deque<Effect.Assign> mine = queues.computeIfAbsent(worker, w -> new ArrayDeque<>());
    Effect.Assign next = mine.peek();
    if (next == null || nowNs - busySinceNs.get(worker) < shardNs * next.shards().cardinality()) {
      return;
    }
    mine.remove();
    busySinceNs.put(worker, nowNs);
    if (next.step() == membership.step()) {
      done.or(next.shards());
      on(new Event.Delivered(worker, next.step(), 0, next.shards(), (BitSet) done.clone()));
    } else {
      on(new Event.Contributed(worker, next.step(), 0, next.shards(), List.of()));
    }
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
      on(new Event.Ready(worker, false));
    }
    if (workers.length > 1) {
      nowNs += Duration.ofMillis(400).toNanos();
      for (int worker : workers) {
        on(new Event.Heard(worker));
      }
      queues.clear();
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
    List<Effect> effects = membership.on(nowNs, event);
    seen.addAll(effects);
    for (Effect effect : effects) {
      if (effect instanceof Effect.Begin) {
        done.clear();
      } else if (effect instanceof Effect.Assign assign) {
        Deque<Effect.Assign> queue =
            queues.computeIfAbsent(assign.worker(), worker -> new ArrayDeque<>());
        if (queue.isEmpty()) {
          busySinceNs.put(assign.worker(), nowNs);
        }
        queue.add(assign);
      }
    }
    return effects;
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
