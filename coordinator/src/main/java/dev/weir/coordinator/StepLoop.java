package dev.weir.coordinator;

import dev.weir.coordinator.journal.WriteFailure;
import dev.weir.coordinator.membership.Effect;
import dev.weir.coordinator.membership.Event;
import dev.weir.coordinator.membership.Membership;
import dev.weir.coordinator.membership.Rules;
import dev.weir.coordinator.progress.FaultKind;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.rpc.Briefing;
import dev.weir.coordinator.rpc.Claim;
import dev.weir.coordinator.rpc.Contribution;
import dev.weir.coordinator.rpc.Digests;
import dev.weir.coordinator.rpc.Readiness;
import dev.weir.coordinator.rpc.SessionListener;
import dev.weir.coordinator.rpc.WorkerConnection;
import dev.weir.reduction.StepReduction;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator's loop: tells {@link Membership} what happens and does what it wants done.
 *
 * <p>Everything here runs on the event loop, one callback at a time, and owns without locks: the
 * connections, the reduction, the state (a live replica, updated as every worker updates its own)
 * and the journal. Where the coordinator adds, a step's sums are in the journal before the last of
 * them is sent to anybody; so what a worker has applied can always be applied again after a
 * restart. Where the workers add, some may be further than the journal, and what they have beyond
 * it is made again, to the same bits.
 *
 * <p>While the journal cannot be written, as on a full disk, the step stands still: heartbeats go
 * on, workers may come and go, and what is wanted for the others waits in its order.
 *
 * <p>An exception that nobody expects ends the run with a message, at the last step in the journal:
 * half of what belongs to an event must not be done and the rest forgotten.
 */
final class StepLoop implements SessionListener {
  private static final Logger log = LoggerFactory.getLogger(StepLoop.class);
  static final int TICKS_PER_HEARTBEAT = 8;

  private final Prepared prepared;
  private final Replica replica;
  private final RunListener run;
  private final Membership membership;
  private final Reductions reductions;

  /** The step of what is kept until that begins; -1 if there is nothing. */
  private long earlyStep = -1;

  private final StepAccount account;
  private final Peers peers = new Peers();
  private final PatientWrites disk;

  /**
   * What is wanted and not yet done; more than a moment only while the journal cannot be written.
   */
  private final Deque<Effect> wanted = new ArrayDeque<>();

  /** The step that has just ended, if nobody was told of it yet. */
  private @Nullable StepRecord ended;

  /** What the replica has yet to commit, before anything else is done to it. */
  private @Nullable Uncommitted uncommitted;

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Uncommitted(int attempt, int[] sums) {}

  private final CompletableFuture<Ending> ending = new CompletableFuture<>();

  private long ticks;

  StepLoop(Rules rules, Prepared prepared, Replica replica, WireBytes bytes, RunListener run) {
    this.prepared = prepared;
    this.replica = replica;
    this.run = run;
    this.membership = new Membership(rules, replica.step(), replica.consecutiveSkips());
    this.reductions =
        new Reductions(
            () ->
                new StepReduction(
                    prepared.length(),
                    prepared.briefing().chunkLength(),
                    rules.shards(),
                    prepared.format()));
    this.account = new StepAccount(rules.shards(), bytes);
    this.disk =
        new PatientWrites(
            System::nanoTime,
            message -> fault(FaultKind.DISK, "step " + replica.step() + ": " + message));
  }

  private StepReduction reduction() {
    return reductions.current();
  }

  /** Completes when the run is over. */
  CompletableFuture<Ending> ending() {
    return ending;
  }

  @Override
  public void joined(WorkerConnection worker, String maskDigest) {
    if (ending.isDone()) {
      bid(worker, ending.join());
      return;
    }
    peers.add(worker);
    run.joined(worker.worker(), worker.name());
    tell(new Event.Joined(worker.worker(), worker.name()));
    worker.welcome(prepared.briefing());
    if (!maskDigest.equals(prepared.briefing().digests().mask())) {
      worker.mask(prepared.encodedMask());
    }
  }

  @Override
  public void ready(WorkerConnection worker, Readiness readiness) {
    Digests theirs = readiness.digests();
    Digests ours = prepared.briefing().digests();
    requireSame("model", theirs.model(), ours.model());
    requireSame("data", theirs.data(), ours.data());
    requireSame("mask", theirs.mask(), ours.mask());
    Peer peer = peers.get(worker.worker());
    if (peer != null) {
      peer.begin(readiness);
    }
    run.ready(worker.worker());
    tell(new Event.Heard(worker.worker()));
    boolean reachable = !readiness.address().isEmpty();
    tell(new Event.Ready(worker.worker(), reachable, readiness.link()));
  }

  private static void requireSame(String what, String theirs, String ours) {
    if (!theirs.equals(ours)) {
      throw new IllegalArgumentException(
          String.format(
              "the worker's %s has digest %s and the coordinator's %s; give both the same",
              what, theirs, ours));
    }
  }

  @Override
  public void begun(WorkerConnection worker, Claim claim) {
    tell(new Event.Heard(worker.worker()));
    Peer peer = peers.get(worker.worker());
    if (peer != null && isAhead(peer, claim.step(), claim.attempt())) {
      peer.keep(claim, () -> begun(worker, claim));
      earlyStep = claim.step();
      return;
    }
    if (peer == null || disk.isWaiting() || !isCurrent(claim)) {
      return;
    }
    peer.begin(claim);
    if (claim.fingerprint() != replica.fingerprint()) {
      peer.abandon(); // What to do about it is decided when it has computed.
      return;
    }
    account.begun(claim);
    keepIfReduced(() -> {}); // All sums may be here before the last loss.
  }

  @Override
  public void contributed(WorkerConnection worker, Contribution contribution) {
    tell(new Event.Heard(worker.worker()));
    Peer peer = peers.get(worker.worker());
    Claim claim = contribution.claim();
    if (peer != null && isAhead(peer, claim.step(), claim.attempt())) {
      peer.keep(contribution, () -> contributed(worker, contribution));
      earlyStep = claim.step();
      return;
    }
    if (peer == null || disk.isWaiting()) {
      return; // While the journal waits, all shards of the step are here already.
    }
    if (!isCurrent(claim)) {
      tell(late(worker, claim)); // A sign that it can do more.
      return;
    }
    peer.begin(contribution);
    if (claim.fingerprint() != replica.fingerprint()) {
      peer.abandon();
      fault(
          FaultKind.DIVERGED,
          worker + " had a state of its own at step " + replica.step() + " and is given ours");
      tell(new Event.Diverged(worker.worker()));
      return;
    }
    run.computed(
        worker.worker(),
        claim.step(),
        peer.shards(),
        account.contributed(worker.worker(), contribution));
    tell(contributed(worker, contribution, peer));
    if (isCurrent(claim)) {
      keepIfReduced(() -> {}); // As above.
    }
  }

  private static Event late(WorkerConnection worker, Claim claim) {
    return new Event.Contributed(
        worker.worker(), claim.step(), claim.attempt(), new BitSet(), List.of());
  }

  private static Event contributed(WorkerConnection worker, Contribution contribution, Peer peer) {
    Claim claim = contribution.claim();
    return new Event.Contributed(
        worker.worker(),
        claim.step(),
        claim.attempt(),
        claim.plan(),
        (BitSet) peer.shards().clone(),
        contribution.faults());
  }

  @Override
  public void chunk(WorkerConnection worker, ValueChunk chunk) {
    tell(new Event.Heard(worker.worker())); // Its next Alive waits behind the rest of its vector.
    Peer peer = peers.get(worker.worker());
    if (peer != null && chunk.reduced() && isAhead(peer, chunk.step(), chunk.attempt())) {
      peer.requireOwner();
      reductions.takeAhead(chunk);
      return;
    }
    if (peer == null || disk.isWaiting() || !isCurrent(chunk.step(), chunk.attempt())) {
      return;
    }
    if (chunk.reduced()) {
      peer.requireOwner();
      sums(chunk);
      return;
    }
    if (!peer.expects(chunk)) {
      return;
    }
    StepReduction.Outcome outcome = reduction().add(peer.shards(), chunk);
    int index = reduction().index(chunk.offset());
    boolean whole = peer.received(index, reduction().chunks());
    if (isReduced()) {
      guard(() -> disk.write(this::keepSums, () -> taken(worker, peer, whole, outcome, index)));
    } else {
      taken(worker, peer, whole, outcome, index);
    }
  }

  /** Whether that is of the next step, and from a worker that was told of it. */
  private boolean isAhead(Peer peer, long step, int attempt) {
    return step > membership.step() && peer.ahead().isOf(step, attempt);
  }

  /** Whether all sums and the losses of all shards are here. */
  private boolean isReduced() {
    return reduction().isComplete() && account.isComplete();
  }

  /** A chunk was added. If it was the last of the step, the sums are in the journal. */
  private void taken(
      WorkerConnection worker, Peer peer, boolean whole, StepReduction.Outcome outcome, int index) {
    if (outcome == StepReduction.Outcome.COMPLETED) {
      publish(index);
    }
    if (whole) {
      account.delivered(worker.worker());
    }
    // The last missing chunk may come in the middle of a contribution whose rest is there already.
    if (isReduced() || (whole && !reduction().isComplete())) {
      tell(
          new Event.Delivered(
              worker.worker(),
              membership.step(),
              membership.attempt(),
              (BitSet) peer.shards().clone(),
              reduction().delivered()));
    }
  }

  /** Takes sums from the owner of a slice. */
  private void sums(ValueChunk chunk) {
    if (reduction().take(chunk) == StepReduction.Outcome.COMPLETED) {
      int index = reduction().index(chunk.offset());
      tell(new Event.Summed(chunk.step(), chunk.attempt()));
      if (!keepIfReduced(() -> publish(index))) {
        publish(index);
      }
    }
  }

  /**
   * If all sums and the losses of all shards are here, keeps the sums, and has the step commit.
   *
   * @param first to be done in between
   */
  private boolean keepIfReduced(Runnable first) {
    boolean all = isReduced();
    if (all) {
      Event reduced = new Event.Reduced(membership.step(), membership.attempt());
      guard(
          () ->
              disk.write(
                  this::keepSums,
                  () -> {
                    first.run();
                    tell(reduced);
                  }));
    }
    return all;
  }

  /** Sends a reduced chunk to those who do not get it from its owner. */
  private void publish(int index) {
    peers.publish(reduction().chunk(index), membership.plan().owners());
  }

  @Override
  public void unreachable(WorkerConnection worker, long step, long plan, String reason) {
    tell(new Event.Heard(worker.worker()));
    tell(new Event.Unreachable(worker.worker(), step, plan, reason));
  }

  private void keepSums() {
    replica.keep(membership.attempt(), account.loss(), reduction().sums());
  }

  @Override
  public void alive(WorkerConnection worker) {
    tell(new Event.Heard(worker.worker()));
  }

  @Override
  public void closed(WorkerConnection worker, String reason) {
    if (peers.remove(worker.worker()) != null && !ending.isDone()) {
      run.gone(worker.worker(), reason);
      fault(
          FaultKind.LOST,
          String.format(
              "%s is gone at step %d, %s: %s",
              worker, membership.step(), membership.phase(worker.worker()), reason));
      tell(new Event.Lost(worker.worker(), reason));
    }
  }

  @Override
  public Briefing describe() {
    return prepared.briefing();
  }

  /** Lets time pass: call it a few times per failure timeout. */
  void tick() {
    if (ending.isDone()) {
      return;
    }
    if (++ticks % TICKS_PER_HEARTBEAT == 0) {
      peers.each(WorkerConnection::alive);
    }
    if (disk.isWaiting()) {
      guard(disk::retry); // For the membership time stands still: nobody is late meanwhile.
      guard(this::proceed);
    } else {
      tell(new Event.Tick());
    }
  }

  /** Ends the run early, at the last step that was committed. */
  void stop(String reason) {
    end(new Ending(Ending.Kind.STOPPED, reason));
  }

  private void tell(Event event) {
    guard(
        () -> {
          if (!ending.isDone()) {
            wanted.addAll(membership.on(System.nanoTime(), event));
            proceed();
          }
        });
  }

  private void proceed() {
    while (!wanted.isEmpty() && !disk.isWaiting() && !ending.isDone()) {
      perform(wanted.remove());
    }
    tidy();
    takeEarly();
  }

  /** Takes what came of a step before that had begun. */
  private void takeEarly() {
    if (earlyStep < 0 || earlyStep > membership.step() || disk.isWaiting() || ending.isDone()) {
      return;
    }
    earlyStep = -1;
    for (Runnable word : peers.takeEarly()) {
      if (!ending.isDone()) {
        guard(word);
      }
    }
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      log.error("this is a bug of Weir, please report it", e);
      end(
          new Ending(
              Ending.Kind.FAILED,
              String.format(
                  "step %d: %s; this is a bug of Weir, please report it", replica.step(), e)));
    }
  }

  /** What can wait until the workers have their next shards to compute. */
  private void tidy() {
    catchUp();
    StepRecord done = ended;
    if (done == null) {
      return;
    }
    ended = null;
    run.step(done);
    try {
      replica.tidy();
    } catch (WriteFailure e) {
      fault(FaultKind.DISK, "the journal goes on without a new snapshot: " + e.getMessage());
    }
  }

  private void catchUp() {
    Uncommitted commit = uncommitted;
    if (commit != null) {
      uncommitted = null;
      replica.commit(commit.attempt(), commit.sums());
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Begin begin) {
      begin(begin);
    } else if (effect instanceof Effect.Assign assign) {
      assign(assign);
    } else if (effect instanceof Effect.Foretell next) {
      foretell(next);
    } else if (effect instanceof Effect.Proceed proceed) {
      goOn(proceed);
    } else if (effect instanceof Effect.Announce announce) {
      peers.announce(announce.plan()); // Nobody, if it waited for the journal and is over.
    } else if (effect instanceof Effect.Choose choose) {
      choose(choose.direct(), choose.reason());
    } else if (effect instanceof Effect.GiveUp giveUp) {
      giveUp(giveUp);
    } else if (effect instanceof Effect.Commit commit) {
      commit(commit);
    } else if (effect instanceof Effect.Skip skip) {
      skip(skip);
    } else if (effect instanceof Effect.Seed seed) {
      seed(seed.worker());
    } else if (effect instanceof Effect.Drop drop) {
      drop(drop);
    } else if (effect instanceof Effect.Await await) {
      run.notice(Notices.of(await, membership.step()));
    } else if (effect instanceof Effect.Late late) {
      run.notice(Notices.of(late));
    } else if (effect instanceof Effect.Settled settled) {
      run.late(settled.name(), settled.step(), settled.costNs() / 1e9);
    } else if (effect instanceof Effect.Finish) {
      end(new Ending(Ending.Kind.FINISHED, "all steps are done"));
    } else if (effect instanceof Effect.Fail fail) {
      end(new Ending(Ending.Kind.FAILED, fail.reason()));
    }
  }

  private void begin(Effect.Begin begin) {
    reductions.begin(begin.step(), begin.attempt());
    publishWhatIsComplete(membership.plan().owners());
    account.begin();
    if (begin.attempt() > 0) {
      run.fault(
          FaultKind.OVERFLOW,
          String.format(
              "step %d is attempted again: a value did not fit its fixed-point range",
              begin.step()));
    }
  }

  private void choose(boolean direct, String reason) {
    log.info("from step {} on, sums go {}", membership.step(), reason);
    run.notice("auto: sums go " + reason);
    run.chose(direct, reason);
  }

  private void giveUp(Effect.GiveUp giveUp) {
    log.info("step {} goes on through the coordinator: {}", giveUp.step(), giveUp.reason());
    if (giveUp.last()) {
      run.notice(Notices.of(giveUp));
      run.chose(false, "through the coordinator, since the workers could not exchange");
    }
    if (giveUp.step() == reduction().step()) {
      publishWhatIsComplete(List.of());
    }
  }

  private void publishWhatIsComplete(List<Integer> owners) {
    reduction().completed().forEach(sums -> peers.publish(sums, owners));
  }

  private void assign(Effect.Assign assign) {
    Peer peer = peers.get(assign.worker());
    // One that had to wait for the journal may be of a step that is over.
    if (peer != null && isCurrent(assign.step(), assign.attempt())) {
      run.assigned(assign.worker(), assign.step(), assign.shards());
      peer.assigned(assign.step(), assign.attempt(), assign.shards());
      peer.connection().assign(assign);
    }
  }

  private void foretell(Effect.Foretell next) {
    Peer peer = peers.get(next.worker());
    if (peer != null) {
      peer.ahead().tell(next.step(), next.shards());
      peer.connection().foretell(next);
    }
  }

  private void goOn(Effect.Proceed proceed) {
    Peer peer = peers.get(proceed.worker());
    if (peer != null) {
      run.assigned(proceed.worker(), proceed.step(), proceed.shards());
      peer.assigned(proceed.step(), 0, proceed.shards());
    }
  }

  private void commit(Effect.Commit commit) {
    // The workers' next shards go out first.
    uncommitted = new Uncommitted(commit.attempt(), reduction().sums());
    record(commit.step(), replica.roundLength(), false, commit.attempt() + 1);
  }

  private void skip(Effect.Skip skip) {
    catchUp();
    disk.write(replica::keepSkip, () -> skipped(skip));
  }

  private void skipped(Effect.Skip skip) {
    int steps = replica.roundLength();
    reductions.forgetAhead();
    replica.skip();
    fault(FaultKind.NON_FINITE, Notices.of(skip, steps));
    peers.eachSeeded(worker -> worker.skip(skip));
    record(skip.step(), steps, true, 1);
  }

  private void record(long step, int steps, boolean skipped, int attempts) {
    ended = account.end(step, steps, skipped, attempts, membership.readyWorkers());
  }

  private void seed(int worker) {
    Peer peer = peers.get(worker);
    if (peer == null) {
      return;
    }
    peer.abandon();
    peer.ahead().forgetWords(); // They are of a state that it has no more.
    catchUp();
    if (!peer.seed(replica.step(), replica.fingerprint())) {
      peer.connection().state(replica.encode());
    }
    reduction().completed().forEach(peer.connection()::chunk);
  }

  private void drop(Effect.Drop drop) {
    Peer peer = peers.remove(drop.worker());
    if (peer != null) {
      run.gone(drop.worker(), drop.reason());
      fault(FaultKind.SILENT, peer.connection() + " is dropped: it " + drop.reason());
      peer.connection().hangUp(); // It may come back, once it is well again.
    }
  }

  private void fault(FaultKind kind, String message) {
    run.notice(message);
    run.fault(kind, message);
  }

  private void end(Ending how) {
    if (ending.isDone()) {
      return;
    }
    try {
      peers.each(worker -> bid(worker, how));
      tidy();
    } finally {
      ending.complete(how); // From here on state and journal are the waiting thread's.
    }
  }

  /** Who worked for a run that can go on shall dial again; otherwise it can end. */
  private static void bid(WorkerConnection worker, Ending how) {
    if (how.kind() == Ending.Kind.STOPPED) {
      worker.hangUp();
    } else {
      worker.finish(how.reason(), how.kind() == Ending.Kind.FAILED);
    }
  }

  private boolean isCurrent(Claim claim) {
    return isCurrent(claim.step(), claim.attempt());
  }

  private boolean isCurrent(long step, int attempt) {
    return step == membership.step() && attempt == membership.attempt();
  }
}
