package dev.weir.coordinator.membership;

import dev.weir.coordinator.reduction.StepReduction;
import dev.weir.job.FailureLimits;
import dev.weir.sum.SumFormat;
import dev.weir.wire.ValueChunk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One run, simulated: the real {@link Membership} and {@link StepReduction}, workers whose
 * gradients are a hash of step, shard and state, rounds of one to three steps, streams that keep
 * their order but delay and break, and a log that survives the coordinator. Everything follows from
 * the seed. Time is in milliseconds.
 *
 * <p>What the coordinator does with effects mirrors {@code StepLoop}.
 */
final class SimulatedRun {
  private static final int LENGTH = 3;
  private static final int CHUNK = 1;
  private static final int TICK_MS = 125;
  private static final int LIMIT_MS = 120_000;
  private static final int ATTEMPTS = 4;
  private static final int SKIPS = 3;

  private record Task(long step, int attempt, BitSet shards) {}

  /** What travels to a worker: a task, a state, a chunk or a skip. */
  private record Message(String kind, long step, int attempt, Task task, int index, int value) {}

  private record Timed(long atMs, long order, Runnable action) {}

  private record Logged(long step, int attempt, int[] sums) {}

  private static final class CoordinatorKilled extends RuntimeException {
    CoordinatorKilled() {
      super(null, null, false, false);
    }
  }

  /** The step and a hash of all that was ever applied. */
  private final class State {
    long step;
    int hash = 17;
    int skips;

    void commit(int attempt, int[] sums) {
      hash = mix(hash, attempt);
      for (int sum : sums) {
        hash = mix(hash, sum);
      }
      step = world.after(step);
      skips = 0;
    }

    void skip() {
      hash = mix(hash, -1);
      step = world.after(step);
      skips++;
    }

    void become(long newStep, int newHash) {
      step = newStep;
      hash = newHash;
    }
  }

  /** A process. Each connection of it has a number of its own. */
  private final class Worker {
    final String name;
    final State state = new State();
    final ArrayDeque<Message> inbox = new ArrayDeque<>();
    final int[] gathered = new int[LENGTH];
    final BitSet present = new BitSet();
    final int speed;
    int connection = -1;
    long hungUntil;
    long outAt;
    long inAt;
    long gatheredStep = -1;
    boolean alive = true;
    boolean busy;

    Worker(String name) {
      this.name = name;
      this.speed = random.nextInt(8) == 0 ? 20 : 1;
    }

    boolean isHung() {
      return nowMs < hungUntil;
    }

    void connect() {
      if (!alive || connection >= 0) {
        return;
      }
      if (isHung()) {
        at(hungUntil, this::connect);
        return;
      }
      connection = ++connections;
      inbox.clear();
      present.clear();
      gatheredStep = -1;
      outAt = inAt = nowMs;
      Worker self = this;
      int mine = connection;
      send(() -> joined(self, mine));
      if (random.nextInt(40) != 0) {
        outAt += random.nextInt(200);
        send(() -> ready(mine));
      }
    }

    /** In order, late, and only while this connection lasts. */
    void send(Runnable arrival) {
      int mine = connection;
      outAt = Math.max(outAt, nowMs) + random.nextInt(20);
      at(
          outAt,
          () -> {
            if (peers.containsKey(mine) || mine == connection) {
              arrival.run();
            }
          });
    }

    void receive(int on, Message message) {
      if (on != connection || !alive) {
        return;
      }
      inbox.add(message);
      work();
    }

    void work() {
      if (isHung()) {
        at(hungUntil, this::work);
        return;
      }
      while (!busy && !inbox.isEmpty()) {
        follow(inbox.poll());
      }
    }

    void follow(Message message) {
      switch (message.kind()) {
        case "state" -> {
          state.become(message.step(), message.value());
          gatheredStep = -1;
        }
        case "skip" -> state.skip();
        case "chunk" -> gather(message);
        default -> compute(message.task());
      }
    }

    void gather(Message chunk) {
      if (chunk.step() != gatheredStep) {
        gatheredStep = chunk.step();
        present.clear();
      }
      gathered[chunk.index()] = chunk.value();
      present.set(chunk.index());
      if (present.cardinality() == LENGTH) {
        gatheredStep = -1;
        if (chunk.step() == state.step) {
          state.commit(chunk.attempt(), gathered);
        }
      }
    }

    /** Whether the end of a step has come in, though it is not its turn yet. */
    boolean isOvertaken(long step) {
      long chunks =
          inbox.stream().filter(m -> m.kind().equals("chunk") && m.step() == step).count();
      int before = gatheredStep == step ? present.cardinality() : 0;
      return chunks + before >= LENGTH || inbox.stream().anyMatch(m -> m.kind().equals("skip"));
    }

    void compute(Task task) {
      if (task.step() != state.step || isOvertaken(task.step())) {
        return;
      }
      if (random.nextInt(300) == 0) {
        state.hash ^= 1; // A flipped bit.
      }
      int hash = state.hash;
      busy = true;
      int mine = connection;
      int shardMs = (5 + random.nextInt(60)) * speed;
      at(nowMs + (long) shardMs * task.shards().cardinality(), () -> computed(mine, task, hash));
    }

    void computed(int mine, Task task, int hash) {
      if (isHung()) {
        at(hungUntil, () -> computed(mine, task, hash));
        return;
      }
      busy = false;
      if (mine == connection && alive) {
        contribute(task, hash);
        if (random.nextInt(20) == 0) {
          contribute(task, hash);
        }
      }
      work();
    }

    void contribute(Task task, int hash) {
      int mine = connection;
      List<Fault> faults = world.faults(task.step(), task.attempt(), task.shards());
      send(() -> contributed(mine, task, hash, faults));
      for (int index = 0; index < LENGTH && faults.isEmpty(); index++) {
        int offset = index;
        int sum = world.sum(task.step(), task.shards(), hash, index);
        send(() -> chunk(mine, task, offset, sum));
      }
    }

    void disconnected() {
      connection = -1;
      if (alive) {
        at(nowMs + 20 + random.nextInt(300), this::connect);
      }
    }
  }

  private static final class Peer {
    final Worker worker;
    boolean seeded;
    BitSet shards = new BitSet();
    int received = -1;

    Peer(Worker worker) {
      this.worker = worker;
    }
  }

  private final SplittableRandom random;
  private final SimulatedWorld world;
  private final int minWorkers;
  private final PriorityQueue<Timed> events =
      new PriorityQueue<>(Comparator.comparingLong(Timed::atMs).thenComparingLong(Timed::order));
  private final List<Worker> workers = new ArrayList<>();
  private final Map<Integer, Peer> peers = new LinkedHashMap<>();
  private final List<Logged> log = new ArrayList<>();
  private final BitSet[] counted = new BitSet[LENGTH];
  private long nowMs;
  private long order;
  private int connections;
  private int lives;
  private boolean up;
  private Membership membership;
  private StepReduction reduction;
  private State state = new State();
  private String end = "";
  private String awaiting = "";

  SimulatedRun(long seed) {
    random = new SplittableRandom(seed);
    world = new SimulatedWorld(random.split(), 1 + random.nextInt(4), 1 + random.nextInt(4));
    minWorkers = 1 + random.nextInt(2);
  }

  /** Plays it and says what is wrong, or nothing. */
  String play() {
    startCoordinator();
    int first = 1 + random.nextInt(3);
    for (int i = 0; i < first; i++) {
      addWorker();
    }
    int faults = random.nextInt(7);
    for (int i = 0; i < faults; i++) {
      at(random.nextInt(1500), this::somethingHappens);
    }
    while (end.isEmpty() && !events.isEmpty() && nowMs < LIMIT_MS) {
      Timed next = events.poll();
      nowMs = Math.max(nowMs, next.atMs());
      try {
        next.action().run();
      } catch (CoordinatorKilled e) {
        killCoordinator();
      }
    }
    return verdict();
  }

  private String verdict() {
    if (end.startsWith("wrong")) {
      return end;
    }
    if (end.isEmpty()) {
      long ready = membership.readyWorkers();
      return ready < minWorkers && !awaiting.isEmpty()
          ? ""
          : "stuck at step " + state.step + " with " + ready + " ready workers";
    }
    SimulatedWorld.Outcome expected = world.undisturbed(SKIPS, ATTEMPTS);
    boolean same = expected.hash() == state.hash && expected.step() == state.step;
    return expected.end().equals(end) && same
        ? ""
        : "ended as " + end + " at step " + state.step + " instead of " + expected;
  }

  private void somethingHappens() {
    Worker someone = workers.get(random.nextInt(workers.size()));
    switch (random.nextInt(7)) {
      case 0 -> addWorker();
      case 1 -> die(someone);
      case 2 -> {
        die(someone);
        at(nowMs + 50 + random.nextInt(500), this::addWorker);
      }
      case 3 -> someone.hungUntil = nowMs + random.nextInt(4000);
      case 4 -> cut(someone);
      default -> throw new CoordinatorKilled();
    }
  }

  private void addWorker() {
    Worker worker = new Worker("worker-" + workers.size());
    workers.add(worker);
    worker.connect();
  }

  private void die(Worker worker) {
    worker.alive = false;
    cut(worker);
  }

  private void cut(Worker worker) {
    int connection = worker.connection;
    worker.disconnected();
    // What it had sent and was not yet received is lost, or arrives before the end does.
    at(nowMs + random.nextInt(30), () -> closed(connection));
  }

  private void killCoordinator() {
    up = false;
    peers.clear();
    lives++;
    workers.stream().filter(worker -> worker.connection >= 0).forEach(Worker::disconnected);
    at(nowMs + random.nextInt(400), this::startCoordinator);
  }

  private void startCoordinator() {
    if (up) {
      return;
    }
    up = true;
    state = new State();
    for (Logged logged : log) {
      if (logged.step() != state.step) {
        end = "wrong: the log has step " + logged.step() + " after " + state.step;
        return;
      }
      if (logged.attempt() < 0) {
        state.skip();
      } else {
        state.commit(logged.attempt(), logged.sums());
      }
    }
    Rules rules =
        new Rules(
            world.shards(),
            world.steps(),
            world.every(),
            minWorkers,
            1 + (lives == 0 ? 0 : random.nextInt(3)),
            lives > 0,
            SKIPS,
            ATTEMPTS,
            true,
            new FailureLimits(Duration.ofSeconds(2)));
    if (state.step >= world.steps()) {
      end = "finished";
    } else if (state.skips >= SKIPS) {
      end = "failed";
    }
    membership = new Membership(rules, state.step, state.skips);
    reduction = new StepReduction(LENGTH, CHUNK, world.shards(), SumFormat.FIXED32);
    begin();
    int life = ++lives;
    at(nowMs, () -> tick(life));
  }

  private void begin() {
    reduction.begin();
    for (int i = 0; i < LENGTH; i++) {
      counted[i] = new BitSet();
    }
  }

  private void tick(int life) {
    if (!up || life != lives) {
      return;
    }
    peers.forEach(
        (connection, peer) -> {
          if (peer.worker.connection == connection && !peer.worker.isHung()) {
            tell(new Event.Heard(connection));
          }
        });
    tell(new Event.Tick());
    at(nowMs + TICK_MS, () -> tick(life));
  }

  private void joined(Worker worker, int connection) {
    if (!up) {
      worker.disconnected();
      return;
    }
    peers.put(connection, new Peer(worker));
    tell(new Event.Joined(connection, worker.name));
  }

  private void ready(int connection) {
    if (peers.containsKey(connection)) {
      tell(new Event.Heard(connection));
      tell(new Event.Ready(connection));
    }
  }

  private void closed(int connection) {
    if (peers.remove(connection) != null) {
      tell(new Event.Lost(connection, "cut"));
    }
  }

  private void contributed(int connection, Task task, int hash, List<Fault> faults) {
    Peer peer = peers.get(connection);
    if (peer == null) {
      return;
    }
    peer.shards = task.shards();
    peer.received = faults.isEmpty() ? 0 : -1;
    Event event =
        new Event.Contributed(connection, task.step(), task.attempt(), task.shards(), faults);
    if (isCurrent(task) && hash != state.hash) {
      peer.received = -1;
      tell(new Event.Diverged(connection));
      return;
    }
    tell(event);
  }

  private void chunk(int connection, Task task, int index, int value) {
    Peer peer = peers.get(connection);
    if (peer == null || peer.received < 0 || !isCurrent(task)) {
      return;
    }
    peer.received++;
    int[] values = {value};
    ValueChunk chunk =
        new ValueChunk(task.step(), task.attempt(), index, values, 0, 1, SumFormat.FIXED32);
    StepReduction.Outcome outcome = reduction.add(peer.shards, chunk);
    if (outcome != StepReduction.Outcome.DROPPED) {
      if (counted[index].intersects(peer.shards)) {
        end = "wrong: a shard was counted twice at step " + task.step();
      }
      counted[index].or(peer.shards);
    }
    if (outcome == StepReduction.Outcome.COMPLETED) {
      publish(task, index);
    }
    if (peer.received == LENGTH || reduction.isComplete()) {
      BitSet shards = (BitSet) peer.shards.clone();
      BitSet delivered = reduction.delivered();
      tell(new Event.Delivered(connection, task.step(), task.attempt(), shards, delivered));
    }
  }

  private void publish(Task task, int index) {
    boolean last = reduction.isComplete();
    if (last) {
      log.add(new Logged(task.step(), task.attempt(), reduction.sums().clone()));
    }
    int value = reduction.sums()[index];
    for (Map.Entry<Integer, Peer> peer : peers.entrySet()) {
      if (last && random.nextInt(60) == 0) {
        throw new CoordinatorKilled();
      }
      if (peer.getValue().seeded) {
        toWorker(
            peer.getKey(), new Message("chunk", task.step(), task.attempt(), null, index, value));
      }
    }
  }

  private void toWorker(int connection, Message message) {
    Peer peer = peers.get(connection);
    if (peer != null) {
      Worker worker = peer.worker;
      worker.inAt = Math.max(worker.inAt, nowMs) + random.nextInt(20);
      at(worker.inAt, () -> worker.receive(connection, message));
    }
  }

  private boolean isCurrent(Task task) {
    return task.step() == membership.step() && task.attempt() == membership.attempt();
  }

  private void tell(Event event) {
    if (end.isEmpty() && up) {
      membership.on(nowMs * 1_000_000, event).forEach(this::perform);
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Begin) {
      begin();
    } else if (effect instanceof Effect.Assign assign) {
      Task task = new Task(assign.step(), assign.attempt(), assign.shards());
      toWorker(assign.worker(), new Message("task", 0, 0, task, 0, 0));
      if (random.nextInt(30) == 0) {
        toWorker(assign.worker(), new Message("task", 0, 0, task, 0, 0));
      }
    } else if (effect instanceof Effect.Seed seed) {
      seed(seed.worker());
    } else if (effect instanceof Effect.Commit commit) {
      commit(commit);
    } else if (effect instanceof Effect.Skip) {
      log.add(new Logged(state.step, -1, new int[0]));
      state.skip();
      peers.forEach(
          (connection, peer) -> {
            if (peer.seeded) {
              toWorker(connection, new Message("skip", 0, 0, null, 0, 0));
            }
          });
    } else if (effect instanceof Effect.Drop drop) {
      Peer peer = peers.remove(drop.worker());
      if (peer != null && peer.worker.connection == drop.worker()) {
        peer.worker.disconnected();
      }
    } else if (effect instanceof Effect.Await await) {
      awaiting = await.toString();
    } else if (effect instanceof Effect.Finish) {
      end = "finished";
    } else if (effect instanceof Effect.Fail) {
      end = "failed";
    }
  }

  private void commit(Effect.Commit commit) {
    boolean all = true;
    for (BitSet each : counted) {
      all &= each.cardinality() == world.shards();
    }
    if (!all || commit.step() != state.step || !reduction.isComplete()) {
      end = "wrong: step " + commit.step() + " was committed at " + state.step + ", all " + all;
      return;
    }
    state.commit(commit.attempt(), reduction.sums());
  }

  private void seed(int connection) {
    Peer peer = peers.get(connection);
    peer.seeded = true;
    peer.received = -1;
    toWorker(connection, new Message("state", state.step, 0, null, 0, state.hash));
    for (int index = 0; index < LENGTH; index++) {
      if (reduction.isComplete(index)) {
        int value = reduction.sums()[index];
        toWorker(
            connection, new Message("chunk", state.step, membership.attempt(), null, index, value));
      }
    }
  }

  private void at(long atMs, Runnable action) {
    events.add(new Timed(atMs, order++, action));
  }

  static int mix(int hash, int word) {
    int h = (hash ^ word) * 0x9e3779b1;
    return h ^ h >>> 15;
  }
}
