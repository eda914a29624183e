package dev.weir.coordinator.membership;

import java.util.ArrayList;
import java.util.BitSet;
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
 *   <li>Shards that are dealt again, because somebody is lost or overdue, are dealt one by one: a
 *       single shard is never refused for the company it comes in, so every delivery is progress.
 * </ul>
 *
 * <p>Where the workers add, always or because {@link CostModel} expects that to be faster, each
 * attempt has a {@link Plan}. It holds only while nothing disturbs it: if an owner is lost, overdue
 * or out of reach, or nothing moves, everybody contributes what is open to the coordinator instead,
 * and the next attempt has a new plan.
 *
 * <p>A worker that is overdue with its shards is not waited for: whoever is idle makes them too,
 * and the first result counts. {@link Forecast} says who is overdue, and who is too slow to be
 * dealt shards that others could make; such a worker is given a copy of a shard every now and then,
 * and is dealt shards of its own again once it makes them in time.
 */
public final class Membership {
  private final ShardTime time = new ShardTime();

  private final Rules rules;
  private final Plans plans;
  private final Map<Integer, Member> members = new LinkedHashMap<>();
  private final BitSet delivered = new BitSet();

  /** Shards that were assigned in this attempt, and whether some of them more than once. */
  private final BitSet assigned = new BitSet();

  private boolean copied;

  /** What the next step is to be like; null if that is dealt when it begins. */
  private @Nullable Outlook outlook;

  private final Misfits misfits = new Misfits();
  private final Stragglers stragglers = new Stragglers();
  private final Quorum quorum;
  private final List<Effect> effects = new ArrayList<>();

  private long step;
  private int attempt;
  private int skipped;
  private long generation;
  private long nowNs;
  private long tickNs;
  private boolean running;
  private boolean ended;

  /**
   * @param step the first step to do
   * @param skipped how many steps before it were skipped in a row
   */
  public Membership(Rules rules, long step, int skipped) {
    this.rules = rules;
    this.plans = new Plans(rules.topology(), rules.costs());
    this.quorum = new Quorum(rules);
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

  /** Who adds at that attempt. */
  public Plan plan() {
    return plans.current();
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
      ready(ready);
    } else if (event instanceof Event.Lost lost) {
      lost(lost.worker());
    } else if (event instanceof Event.Contributed contributed) {
      contributed(contributed);
    } else if (event instanceof Event.Delivered done) {
      delivered(done);
    } else if (event instanceof Event.Summed summed) {
      summed(summed);
    } else if (event instanceof Event.Reduced reduced) {
      reduced(reduced);
    } else if (event instanceof Event.Unreachable unreachable) {
      unreachable(unreachable);
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

  private void ready(Event.Ready event) {
    Member member = members.get(event.worker());
    if (member == null || member.ready) {
      return;
    }
    member.ready = true;
    member.reachable = event.reachable();
    member.link = event.link();
    quorum.ready(member, nowNs);
    generation++;
    effects.add(new Effect.Seed(member.worker));
    goOnOrWait();
  }

  private void lost(int worker) {
    Member member = members.remove(worker);
    if (member == null || !member.ready) {
      return;
    }
    quorum.lost(member);
    generation++;
    forgetOutlook(member);
    if (plan().owners().contains(worker)) {
      giveUpPlan(member.name + " is lost");
    }
    goOnOrWait();
  }

  private void goOnOrWait() {
    running = quorum.isReached(readyWorkers(), nowNs);
    if (!running) {
      Effect.Await await = quorum.await(readyWorkers(), nowNs, members.values());
      if (await != null) {
        effects.add(await);
      }
      return;
    }
    quorum.waitIsOver();
    if (quorum.hasBegun()) {
      assignMissing();
    } else {
      beginAttempt();
    }
  }

  private void contributed(Event.Contributed contribution) {
    Member member = members.get(contribution.worker());
    if (member == null) {
      return;
    }
    if (!isCurrent(contribution.step(), contribution.attempt())) {
      member.answered(nowNs, contribution.step(), contribution.attempt());
      help();
      return;
    }
    if (!contribution.faults().isEmpty()) {
      member.answered(nowNs, contribution.step(), contribution.attempt());
    }
    Fault overflow = null;
    for (Fault fault : contribution.faults()) {
      if (fault.kind() == Fault.Kind.NON_FINITE) {
        skip(fault, member);
        return;
      }
      overflow = fault;
    }
    if (overflow != null && attempt + 1 < rules.maxAttempts()) {
      attempt++;
      beginAttempt();
    } else if (overflow != null) {
      misfits.add(overflow, contribution.shards(), member.describe(nowNs));
      member.open.andNot(misfits.shards());
      assignMissing();
      failIfJudged();
    } else if (contribution.plan() != 0) {
      hand(member, contribution);
    }
  }

  /** The values are with the owners; that all have arrived there is told by their sums. */
  private void hand(Member member, Event.Contributed contribution) {
    boolean counts = contribution.plan() == plan().number();
    if (counts) {
      plans.progress(nowNs);
      member.handed.or(contribution.shards());
    }
    // Of a plan that was given up, only that the worker is free; the shards are open again.
    done(member, counts ? contribution.shards() : new BitSet());
    help();
    failIfJudged();
  }

  private void summed(Event.Summed sums) {
    if (isCurrent(sums.step(), sums.attempt())) {
      plans.progress(nowNs);
    }
  }

  private void reduced(Event.Reduced sums) {
    if (isCurrent(sums.step(), sums.attempt())) {
      if (plan().isDirect()) {
        plans.succeeded();
      }
      members.values().forEach(this::settle);
      commit();
    }
  }

  private void commit() {
    effects.add(new Effect.Commit(step, attempt));
    skipped = 0;
    nextStep();
  }

  private void unreachable(Event.Unreachable event) {
    Member member = members.get(event.worker());
    if (member == null || !member.ready) {
      return;
    }
    if (plan().isDirect() && plan().number() == event.plan()) {
      failPlan(member.name + " does not reach " + event.reason());
    }
    plans.isBroken(event.plan());
    if (event.step() < step) {
      diverged(member.worker);
    }
  }

  /** Nobody is lost, and yet the workers cannot finish the attempt among themselves. */
  private void failPlan(String reason) {
    endPlan(reason, plans.failed());
  }

  private void giveUpPlan(String reason) {
    endPlan(reason, false);
  }

  /** Has everybody who is left contribute to the coordinator what the attempt still lacks. */
  private void endPlan(String reason, boolean last) {
    plans.giveUp();
    effects.add(new Effect.GiveUp(step, reason, last));
    for (Member member : members.values()) {
      member.open.or(member.handed);
      member.handed.clear();
      if (!member.open.isEmpty()) {
        assign(member, (BitSet) member.open.clone());
      }
    }
  }

  /** Whether all has been given to the owners, and then nothing has moved for too long. */
  private boolean isStuck() {
    return plans.isStill(nowNs, rules.limits().failureTimeout())
        && members.values().stream().allMatch(member -> member.open.isEmpty());
  }

  private void failIfJudged() {
    if (misfits.shards().isEmpty()) {
      return;
    }
    BitSet fine = (BitSet) delivered.clone();
    members.values().forEach(member -> fine.or(member.handed));
    String verdict = misfits.verdict(fine, rules.shards(), step, attempt + 1);
    if (verdict != null) {
      fail(verdict);
    }
  }

  private void skip(Fault fault, Member member) {
    effects.add(new Effect.Skip(step, fault, member.name));
    skipped++;
    if (skipped >= rules.maxSkippedSteps()) {
      fail(
          String.format(
              "%d %s in a row were skipped, the last one, step %d, because %s of shard %d is not"
                  + " finite at %s",
              skipped,
              rules.everySteps() == 1 ? "steps" : "rounds of " + rules.everySteps() + " steps",
              step,
              fault.words(),
              fault.shard(),
              member.describe(nowNs)));
    } else {
      nextStep();
    }
  }

  private void delivered(Event.Delivered delivery) {
    Member member = members.get(delivery.worker());
    if (!isCurrent(delivery.step(), delivery.attempt())) {
      return;
    }
    BitSet fresh = (BitSet) delivery.delivered().clone();
    fresh.andNot(delivered);
    delivered.or(fresh);
    if (member != null) {
      done(member, delivery.shards());
    }
    clearOpen(fresh, delivery.shards());
    if (delivered.cardinality() == rules.shards()) {
      commit();
    } else {
      BitSet dropped = (BitSet) delivery.shards().clone();
      dropped.andNot(delivered);
      if (!dropped.isEmpty()) {
        assignMissing(); // What was already held in part somebody must make anew.
      }
      help();
      failIfJudged();
    }
  }

  /**
   * What is delivered, nobody needs to make any more. Mostly only who delivered it had it; with
   * many workers, to look at all of them for each would take longer than to add their values.
   */
  private void clearOpen(BitSet fresh, BitSet own) {
    BitSet others = (BitSet) fresh.clone();
    others.andNot(own);
    if (!copied && others.isEmpty()) {
      return;
    }
    for (Member each : members.values()) {
      each.open.andNot(fresh);
      if (each.open.isEmpty()) {
        settle(each);
      }
    }
  }

  private void done(Member member, BitSet shards) {
    settle(member);
    long shardNs = member.answered(nowNs, step, attempt);
    if (shardNs > 0) {
      if (time.usualNs() == 0) {
        stragglers.lookAgain();
      }
      time.add(shardNs);
    }
    member.open.andNot(shards);
  }

  private void settle(Member member) {
    if (member.late) {
      Stragglers.settle(member, forecast(), effects);
    }
  }

  private void diverged(int worker) {
    Member member = members.get(worker);
    if (member != null && member.ready) {
      member.forgetTasks(nowNs);
      effects.add(new Effect.Seed(worker));
      forgetOutlook(member);
      member.open.clear();
      member.handed.clear();
      if (plan().owners().contains(worker)) {
        giveUpPlan(member.name + " is given the state");
      }
      settle(member);
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
    if (isStuck()) {
      failPlan("no sums came for " + rules.limits().failureTimeout().toMillis() + " ms");
    }
    stragglers.lookAgain(); // What is usual may have become less.
    help();
    if (!running) {
      goOnOrWait();
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
                member.phase());
        effects.add(new Effect.Drop(member.worker, reason));
        lost(member.worker);
      }
    }
  }

  /** What a worker was doing, for messages about its end. */
  public String phase(int worker) {
    Member member = members.get(worker);
    return member == null
        ? "before it was let in"
        : String.format(
            Locale.ROOT,
            "%s, last heard %.1f s before",
            member.phase(),
            (nowNs - member.heardNs) / 1e9);
  }

  /** Has those who are idle make what is overdue. */
  private void help() {
    if (!running || !rules.adaptive() || stragglers.isCalm(nowNs)) {
      return;
    }
    Forecast forecast = forecast();
    if (!stragglers.find(members.values(), forecast, effects)) {
      return;
    }
    BitSet overdue = missing(true);
    List<Member> idle =
        forecast.byFinish(members.values().stream().filter(Member::isIdle).toList());
    if (plan().isDirect() && !overdue.isEmpty() && !idle.isEmpty()) {
      giveUpPlan("shards " + overdue + " are overdue");
      return; // Whoever is idle once more, without a plan, makes them too.
    }
    int next = 0;
    for (int shard = overdue.nextSetBit(0);
        shard >= 0 && next < idle.size();
        shard = overdue.nextSetBit(shard + 1)) {
      assign(idle.get(next++), Hand.one(shard));
    }
  }

  private void nextStep() {
    step = after(step);
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
    quorum.begin();
    delivered.clear();
    assigned.clear();
    copied = false;
    misfits.clear();
    for (Member member : members.values()) {
      member.open.clear();
      member.handed.clear();
      settle(member);
    }
    effects.add(new Effect.Begin(step, attempt));
    Outlook told = attempt == 0 ? outlook : null;
    if (told != null) {
      outlook = null;
      beginAsTold(told);
    } else if (running) {
      deal(true);
    } else {
      plans.giveUp();
    }
  }

  /** Otherwise through the coordinator: by two plans, one worker might make all shards alone. */
  private void beginAsTold(Outlook told) {
    if (holds(told)) {
      proceed(told);
      foretell(told.shares());
      return;
    }
    told.cancel(nowNs);
    plans.giveUp();
    if (running) {
      deal(false);
    }
  }

  private boolean holds(Outlook told) {
    return running && !hasSlow(told.shares()) && plans.goOn(told.plan(), nowNs);
  }

  private void forgetOutlook(Member member) {
    if (outlook != null) {
      outlook.forget(member);
    }
  }

  /** Whether some of them may be dealt less next time. */
  private boolean hasSlow(List<Outlook.Share> shares) {
    Forecast forecast = forecast();
    return rules.adaptive() && shares.stream().anyMatch(share -> forecast.isSlow(share.member()));
  }

  /**
   * Has begin what the workers were told. They may have begun when the last sums were under way.
   */
  private void proceed(Outlook told) {
    for (Outlook.Share share : told.shares()) {
      share.member().late = false;
      share.member().noticed = false;
      share.member().goOn(nowNs, step, share.shards());
      assigned.or(share.shards());
      effects.add(new Effect.Proceed(share.member().worker, step, share.shards()));
    }
  }

  /**
   * Where the workers add, tells them that the next step is dealt as this one, unless somebody is
   * there who has no part in it.
   */
  private void foretell(List<Outlook.Share> shares) {
    long next = after(step);
    if (outlook != null
        || !plan().isDirect()
        || next >= rules.steps()
        || readyWorkers() != shares.size()
        || hasSlow(shares)) {
      return;
    }
    outlook = new Outlook(next, plan(), shares);
    for (Outlook.Share share : shares) {
      effects.add(
          new Effect.Foretell(
              share.member().worker, generation, next, plan().number(), share.shards()));
    }
  }

  private long after(long one) {
    return Math.min(rules.steps(), one + rules.everySteps());
  }

  /**
   * Deals the shards of an attempt.
   *
   * @param direct whether workers may add
   */
  private void deal(boolean direct) {
    List<Member> ready = members.values().stream().filter(m -> m.ready).toList();
    if (ready.isEmpty()) {
      return;
    }
    List<Member> team = team(ready);
    List<Member> probed =
        ready.stream()
            .filter(member -> member.isIdle() && forecast().isSlow(member))
            .filter(member -> rules.adaptive() && !team.contains(member))
            .toList();
    if (direct) {
      effects.addAll(plans.begin(team, probed, nowNs));
    }
    List<Outlook.Share> shares = new ArrayList<>();
    for (Hand hand : Hand.deal(rules.shards(), team.size(), !probed.isEmpty())) {
      Member member = team.get(hand.seat());
      assign(member, hand.shards());
      shares.add(new Outlook.Share(member, hand.shards()));
    }
    probed.forEach(member -> assign(member, Hand.one(rules.shards() - 1)));
    if (probed.isEmpty()) {
      foretell(shares);
    }
  }

  private List<Member> team(List<Member> ready) {
    return rules.adaptive()
        ? forecast().team(ready, rules.shards())
        : ready.subList(0, Math.min(ready.size(), rules.shards()));
  }

  /** Deals what nobody has or makes, one by one, to whoever will be done with it first. */
  private void assignMissing() {
    if (!running) {
      return;
    }
    List<Member> ready = members.values().stream().filter(m -> m.ready).toList();
    BitSet missing = missing(false);
    for (int shard = missing.nextSetBit(0);
        shard >= 0 && !ready.isEmpty();
        shard = missing.nextSetBit(shard + 1)) {
      assign(forecast().byFinish(ready).get(0), Hand.one(shard));
    }
  }

  /** The shards that are neither delivered nor expected of anybody who is, if asked, in time. */
  private BitSet missing(boolean inTime) {
    BitSet missing = new BitSet();
    missing.set(0, rules.shards());
    missing.andNot(delivered);
    missing.andNot(misfits.shards());
    members.values().stream()
        .filter(member -> !inTime || !member.late)
        .forEach(member -> missing.andNot(member.open));
    members.values().forEach(member -> missing.andNot(member.handed));
    return missing;
  }

  private void assign(Member member, BitSet shards) {
    if (member.open.isEmpty()) {
      member.late = false;
      member.noticed = false;
    }
    copied |= assigned.intersects(shards);
    assigned.or(shards);
    member.assign(nowNs, step, attempt, shards);
    effects.add(
        new Effect.Assign(member.worker, generation, step, attempt, plan().number(), shards));
  }

  private Forecast forecast() {
    return new Forecast(nowNs, step, attempt, time, rules.limits());
  }

  private boolean isCurrent(long otherStep, int otherAttempt) {
    return otherStep == step && otherAttempt == attempt;
  }
}
