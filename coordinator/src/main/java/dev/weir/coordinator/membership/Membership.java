package dev.weir.coordinator.membership;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who works on which shards of which attempt of which step.
 *
 * <p>A pure state machine: it is told what happened and when, and answers with what is to be done.
 * It has no thread, no clock and does no I/O, so that a simulation of it is a plain unit test. One
 * thread at a time may use it.
 *
 * <p>Its promises:
 *
 * <ul>
 *   <li>Steps end in order, each exactly once, by a commit or by a skip.
 *   <li>While enough workers are ready, every shard of the current attempt is either delivered or
 *       assigned to a worker that is alive; so the step ends.
 *   <li>Whether a step is attempted again or skipped depends only on its shards' gradients, never
 *       on who computed them or in which order they came: an overflow in any shard means another
 *       attempt, a value that is not finite in any shard means a skip.
 *   <li>What names another step or attempt than the current one has no effect.
 * </ul>
 */
public final class Membership {
  private final Rules rules;
  private final Map<Integer, Member> members = new LinkedHashMap<>();
  private final BitSet delivered = new BitSet();
  private final List<Effect> effects = new ArrayList<>();

  private long step;
  private int attempt;
  private int skipped;
  private long generation;
  private boolean begun;
  private boolean running;
  private boolean ended;

  /**
   * @param step the first step to do
   * @param skipped how many steps before it were skipped in a row
   */
  public Membership(Rules rules, long step, int skipped) {
    this.rules = rules;
    this.step = step;
    this.skipped = skipped;
  }

  /**
   * Takes one event.
   *
   * @param nowNs a clock that never goes back, in nanoseconds
   * @return what is to be done, in order
   */
  public List<Effect> on(long nowNs, Event event) {
    effects.clear();
    if (!ended) {
      handle(nowNs, event);
    }
    return List.copyOf(effects);
  }

  /** The step that is being worked on. */
  public long step() {
    return step;
  }

  /** The attempt at it. */
  public int attempt() {
    return attempt;
  }

  /** Number of workers that are ready. */
  public int readyWorkers() {
    return (int) members.values().stream().filter(m -> m.ready).count();
  }

  /** Shards of the current attempt that {@code worker} has yet to deliver. */
  public BitSet open(int worker) {
    Member member = members.get(worker);
    return member == null ? new BitSet() : (BitSet) member.open.clone();
  }

  private void handle(long nowNs, Event event) {
    if (event instanceof Event.Joined joined) {
      members.put(joined.worker(), new Member(joined.worker(), joined.name(), nowNs));
    } else if (event instanceof Event.Heard heard) {
      heard(nowNs, heard.worker());
    } else if (event instanceof Event.Ready ready) {
      ready(ready.worker());
    } else if (event instanceof Event.Lost lost) {
      lost(lost.worker());
    } else if (event instanceof Event.Contributed contributed) {
      contributed(contributed);
    } else if (event instanceof Event.Delivered done) {
      delivered(done);
    } else if (event instanceof Event.Diverged diverged) {
      diverged(diverged.worker());
    } else {
      dropSilent(nowNs);
    }
  }

  private void heard(long nowNs, int worker) {
    Member member = members.get(worker);
    if (member != null) {
      member.heardNs = nowNs;
    }
  }

  private void ready(int worker) {
    Member member = members.get(worker);
    if (member == null || member.ready) {
      return;
    }
    member.ready = true;
    generation++;
    effects.add(new Effect.Seed(worker));
    if (readyWorkers() < required()) {
      effects.add(new Effect.Await(readyWorkers(), required()));
    } else {
      running = true;
      if (begun) {
        assignMissing();
      } else {
        beginAttempt();
      }
    }
  }

  private int required() {
    return begun ? rules.minWorkers() : Math.max(rules.minWorkers(), rules.firstWorkers());
  }

  private void lost(int worker) {
    Member member = members.remove(worker);
    if (member == null || !member.ready) {
      return;
    }
    generation++;
    if (readyWorkers() < required()) {
      running = false;
      effects.add(new Effect.Await(readyWorkers(), required()));
    } else {
      assignMissing();
    }
  }

  private void contributed(Event.Contributed contribution) {
    Member member = members.get(contribution.worker());
    if (member == null || !isCurrent(contribution.step(), contribution.attempt())) {
      return;
    }
    Fault overflow = null;
    for (Fault fault : contribution.faults()) {
      if (fault.kind() == Fault.Kind.NON_FINITE) {
        skip(fault, member.name);
        return;
      }
      overflow = fault;
    }
    if (overflow != null) {
      attemptAgain(overflow);
    }
  }

  private void skip(Fault fault, String worker) {
    effects.add(new Effect.Skip(step, fault, worker));
    skipped++;
    if (skipped >= rules.maxSkippedSteps()) {
      fail(
          String.format(
              "%d steps in a row were skipped, the last one, step %d, because %s of shard %d on %s is"
                  + " not finite",
              skipped, step, describe(fault), fault.shard(), worker));
    } else {
      nextStep();
    }
  }

  private void attemptAgain(Fault overflow) {
    attempt++;
    if (attempt >= rules.maxAttempts()) {
      fail(
          String.format(
              "step %d was attempted %d times and %s of shard %d still does not fit",
              step, attempt, describe(overflow), overflow.shard()));
    } else {
      beginAttempt();
    }
  }

  private static String describe(Fault fault) {
    return fault.parameter().isEmpty() ? "the loss" : "the gradient of " + fault.parameter();
  }

  private void delivered(Event.Delivered delivery) {
    Member member = members.get(delivery.worker());
    if (!isCurrent(delivery.step(), delivery.attempt())) {
      return;
    }
    delivered.or(delivery.delivered());
    for (Member each : members.values()) {
      each.open.andNot(delivered);
    }
    if (delivered.cardinality() == rules.shards()) {
      effects.add(new Effect.Commit(step, attempt));
      skipped = 0;
      nextStep();
    } else if (member != null) {
      // What it delivered but was already held in part stays missing: somebody must make it anew.
      member.open.clear();
      assignMissing();
    }
  }

  private void diverged(int worker) {
    Member member = members.get(worker);
    if (member != null && member.ready) {
      effects.add(new Effect.Seed(worker));
      member.open.clear();
      assignMissing();
    }
  }

  private void dropSilent(long nowNs) {
    for (Member member : List.copyOf(members.values())) {
      long silentNs = nowNs - member.heardNs;
      if (silentNs > rules.failureTimeout().toNanos()) {
        String reason = String.format("was not heard for %.1f s", silentNs / 1e9);
        effects.add(new Effect.Drop(member.worker, reason));
        lost(member.worker);
      }
    }
  }

  private void nextStep() {
    step++;
    attempt = 0;
    if (step >= rules.steps()) {
      ended = true;
      effects.add(new Effect.Finish());
    } else {
      beginAttempt();
    }
  }

  private void fail(String reason) {
    ended = true;
    effects.add(new Effect.Fail(reason));
  }

  private void beginAttempt() {
    begun = true;
    delivered.clear();
    members.values().forEach(member -> member.open.clear());
    effects.add(new Effect.Begin(step, attempt));
    assignMissing();
  }

  /**
   * Deals what nobody has or makes to those with the least to do. Shards are ordered by falling
   * cost, so going forth and back over the workers gives each about the same work.
   */
  private void assignMissing() {
    if (!running) {
      return;
    }
    BitSet missing = new BitSet();
    missing.set(0, rules.shards());
    missing.andNot(delivered);
    members.values().forEach(member -> missing.andNot(member.open));
    List<Member> workers = new ArrayList<>(members.values().stream().filter(m -> m.ready).toList());
    if (workers.isEmpty() || missing.isEmpty()) {
      return;
    }
    workers.sort(Comparator.comparingInt(Member::openShards));
    deal(missing, workers);
  }

  private void deal(BitSet missing, List<Member> workers) {
    List<BitSet> hands = new ArrayList<>();
    workers.forEach(worker -> hands.add(new BitSet()));
    int turn = 0;
    for (int shard = missing.nextSetBit(0); shard >= 0; shard = missing.nextSetBit(shard + 1)) {
      int round = turn / workers.size();
      int seat = turn % workers.size();
      hands.get(round % 2 == 0 ? seat : workers.size() - 1 - seat).set(shard);
      turn++;
    }
    for (int i = 0; i < workers.size(); i++) {
      if (!hands.get(i).isEmpty()) {
        workers.get(i).open.or(hands.get(i));
        effects.add(
            new Effect.Assign(workers.get(i).worker, generation, step, attempt, hands.get(i)));
      }
    }
  }

  private boolean isCurrent(long otherStep, int otherAttempt) {
    return otherStep == step && otherAttempt == attempt;
  }
}
