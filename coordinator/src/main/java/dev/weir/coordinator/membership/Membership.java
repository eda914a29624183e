package dev.weir.coordinator.membership;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
 *   <li>Shards that are dealt again, because somebody is lost or late, are dealt one by one: a
 *       single shard is never refused for the company it comes in, so every delivery is progress.
 * </ul>
 */
public final class Membership {
  private static final int MAX_REMEMBERED = 16;
  private static final int SMOOTHING = 8;

  private final Rules rules;
  private final Map<Integer, Member> members = new LinkedHashMap<>();
  private final BitSet delivered = new BitSet();

  /** Shards of the last attempt whose contribution does not fit. */
  private final BitSet judged = new BitSet();

  private @Nullable Fault neverFits;
  private final Map<String, Long> lost = new LinkedHashMap<>();
  private final List<Effect> effects = new ArrayList<>();

  private long step;
  private int attempt;
  private int skipped;
  private long generation;
  private long nowNs;
  private long tickNs;
  private long usualShardNs;
  private boolean begun;
  private boolean dealt;
  private boolean awaiting;
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
    this.nowNs = nowNs;
    effects.clear();
    if (!ended) {
      handle(event);
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

  private void handle(Event event) {
    if (event instanceof Event.Joined joined) {
      members.put(joined.worker(), new Member(joined.worker(), joined.name(), nowNs));
    } else if (event instanceof Event.Heard heard) {
      heard(heard.worker());
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
      tick();
    }
  }

  private void heard(int worker) {
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
    lost.remove(member.name);
    generation++;
    effects.add(new Effect.Seed(worker));
    if (readyWorkers() < required()) {
      await();
    } else {
      running = true;
      awaiting = false;
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
    remember(member);
    generation++;
    if (readyWorkers() < required()) {
      running = false;
      await();
    } else {
      assignMissing();
    }
  }

  private void await() {
    awaiting = true;
    List<String> awaited = new ArrayList<>();
    for (Member member : members.values()) {
      if (!member.ready) {
        awaited.add(member.name + ", which is loading");
      }
    }
    lost.forEach(
        (name, heardNs) ->
            awaited.add(
                String.format(
                    Locale.ROOT, "%s, last heard %.1f s ago", name, (nowNs - heardNs) / 1e9)));
    effects.add(new Effect.Await(readyWorkers(), required(), awaited));
  }

  /** Bounded: a run whose workers all have names of their own must not grow without end. */
  private void remember(Member member) {
    lost.remove(member.name);
    lost.put(member.name, member.heardNs);
    if (lost.size() > MAX_REMEMBERED) {
      lost.remove(lost.keySet().iterator().next());
    }
  }

  private void contributed(Event.Contributed contribution) {
    Member member = members.get(contribution.worker());
    if (member != null) {
      member.behindUntilNs = Long.MIN_VALUE;
    }
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
    if (overflow != null && attempt + 1 < rules.maxAttempts()) {
      attempt++;
      beginAttempt();
    } else if (overflow != null) {
      judged.or(contribution.shards());
      member.open.andNot(judged);
      neverFits = overflow;
      assignMissing();
      failIfJudged();
    }
  }

  /**
   * A step that never fits ends the job, but not before every shard was looked at: if one of them
   * is not finite the step is skipped, whichever comes first.
   */
  private void failIfJudged() {
    Fault fault = neverFits;
    BitSet all = (BitSet) delivered.clone();
    all.or(judged);
    if (fault != null && all.cardinality() == rules.shards()) {
      fail(
          String.format(
              "step %d was attempted %d times and %s of shard %d still does not fit",
              step, attempt + 1, describe(fault), fault.shard()));
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

  private static String describe(Fault fault) {
    return fault.parameter().isEmpty() ? "the loss" : "the gradient of " + fault.parameter();
  }

  private void delivered(Event.Delivered delivery) {
    Member member = members.get(delivery.worker());
    if (!isCurrent(delivery.step(), delivery.attempt())) {
      return;
    }
    delivered.or(delivery.delivered());
    if (member != null) {
      done(member, delivery.shards());
    }
    for (Member each : members.values()) {
      each.open.andNot(delivered);
      settleIfDone(each);
    }
    if (delivered.cardinality() == rules.shards()) {
      effects.add(new Effect.Commit(step, attempt));
      skipped = 0;
      nextStep();
    } else {
      // What it delivered but was already held in part stays missing: somebody must make it anew.
      assignMissing();
      failIfJudged();
    }
  }

  private void done(Member member, BitSet shards) {
    if (member.open.intersects(shards)) {
      long shardNs = Math.max(1, (nowNs - member.expectedNs) / Math.max(1, shards.cardinality()));
      usualShardNs =
          usualShardNs == 0 ? shardNs : usualShardNs + (shardNs - usualShardNs) / SMOOTHING;
    }
    settle(member);
    member.open.andNot(shards);
    member.expectedNs = nowNs;
  }

  /** What a late worker owes is there, but not from itself: it may still be at it. */
  private void settleIfDone(Member member) {
    if (member.late && member.open.isEmpty()) {
      settle(member);
      member.behindUntilNs = nowNs + rules.limits().failureTimeout().toNanos();
    }
  }

  private void settle(Member member) {
    if (member.late) {
      long usualNs = usualShardNs * Math.max(1, member.openShards());
      effects.add(
          new Effect.Settled(
              member.worker, member.name, step, Math.max(0, nowNs - member.expectedNs - usualNs)));
      member.late = false;
    }
  }

  private void diverged(int worker) {
    Member member = members.get(worker);
    if (member != null && member.ready) {
      effects.add(new Effect.Seed(worker));
      member.open.clear();
      member.late = false;
      assignMissing();
    }
  }

  private void tick() {
    boolean away = nowNs - tickNs > rules.limits().ownPause().toNanos();
    tickNs = nowNs;
    if (away) {
      // It was we who were not there: what others said in the meantime is yet to be read.
      members.values().forEach(member -> member.heardNs = nowNs);
      return;
    }
    dropSilent();
    if (running) {
      helpLate();
    } else if (!awaiting) {
      await();
    }
  }

  private void dropSilent() {
    for (Member member : List.copyOf(members.values())) {
      long silentNs = nowNs - member.heardNs;
      if (silentNs > rules.limits().silence().toNanos()) {
        String reason =
            String.format(
                Locale.ROOT,
                "was not heard for %.1f s, at step %d, %s",
                silentNs / 1e9,
                step,
                phase(member));
        effects.add(new Effect.Drop(member.worker, reason));
        lost(member.worker);
      }
    }
  }

  private static String phase(Member member) {
    if (!member.ready) {
      return "while it was loading";
    }
    return member.open.isEmpty()
        ? "while it had nothing to do"
        : "while shards " + member.open + " were expected of it";
  }

  private void helpLate() {
    for (Member member : members.values()) {
      long ageNs = nowNs - member.expectedNs;
      int open = member.openShards();
      if (open > 0 && ageNs > rules.limits().late(usualShardNs, open).toNanos()) {
        if (!member.late) {
          member.late = true;
          BitSet shards = (BitSet) member.open.clone();
          effects.add(new Effect.Late(member.worker, member.name, step, shards, ageNs));
        }
      }
    }
    BitSet lateOnly = missing(true);
    List<Member> idle = members.values().stream().filter(m -> m.isIdle(nowNs)).toList();
    if (!idle.isEmpty() && !lateOnly.isEmpty()) {
      deal(lateOnly, idle, true);
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
    judged.clear();
    neverFits = null;
    for (Member member : members.values()) {
      member.open.clear();
      settleIfDone(member);
    }
    dealt = false;
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
    BitSet missing = missing(false);
    List<Member> workers = new ArrayList<>(dealable());
    if (workers.isEmpty() || missing.isEmpty()) {
      return;
    }
    workers.sort(Comparator.comparingInt(Member::openShards));
    deal(missing, workers, dealt);
    dealt = true;
  }

  /** Those that are ready and, if there are any, not busy with what others have done instead. */
  private List<Member> dealable() {
    List<Member> ready = members.values().stream().filter(m -> m.ready).toList();
    List<Member> free = ready.stream().filter(m -> !m.isBehind(nowNs)).toList();
    return free.isEmpty() ? ready : free;
  }

  /** The shards that are neither delivered nor expected of anybody who is, if asked, in time. */
  private BitSet missing(boolean inTime) {
    BitSet missing = new BitSet();
    missing.set(0, rules.shards());
    missing.andNot(delivered);
    missing.andNot(judged);
    members.values().stream()
        .filter(member -> !inTime || !member.late)
        .forEach(member -> missing.andNot(member.open));
    return missing;
  }

  private void deal(BitSet missing, List<Member> workers, boolean oneByOne) {
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
        workers.get(i).assign(nowNs, hands.get(i));
        assign(workers.get(i).worker, hands.get(i), oneByOne);
      }
    }
  }

  private void assign(int worker, BitSet hand, boolean oneByOne) {
    if (!oneByOne) {
      effects.add(new Effect.Assign(worker, generation, step, attempt, hand));
      return;
    }
    hand.stream()
        .forEach(
            shard -> {
              BitSet one = new BitSet();
              one.set(shard);
              effects.add(new Effect.Assign(worker, generation, step, attempt, one));
            });
  }

  private boolean isCurrent(long otherStep, int otherAttempt) {
    return otherStep == step && otherAttempt == attempt;
  }
}
