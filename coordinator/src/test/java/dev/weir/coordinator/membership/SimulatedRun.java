package dev.weir.coordinator.membership;

import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.reduction.Slice;
import dev.weir.reduction.StepReduction;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Link;
import dev.weir.wire.ValueChunk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run, simulated: the real {@link Membership} and {@link StepReduction}, workers whose
 * gradients are a hash of step, shard and state, rounds of one to three steps, streams that keep
 * their order but delay and break, and a log that survives the coordinator. In a third of the runs
 * the workers add, in another whoever the cost model says, by links that differ with each
 * connection. Everything follows from the seed. Time is in milliseconds.
 *
 * <p>What the coordinator does with effects mirrors {@code StepLoop}; what workers do with what
 * comes, {@code Receiver}, {@code Exchange} and {@code SliceOwner}.
 */
final class SimulatedRun {
  private static final int LENGTH = 3;
  private static final int CHUNK = 1;
  private static final int TICK_MS = 125;
  private static final int LIMIT_MS = 120_000;
  private static final int ATTEMPTS = 4;
  private static final int SKIPS = 3;

  private record Task(long step, int attempt, long plan, BitSet shards) {}

  /** What travels to a worker: a task, a plan, a state, a chunk or a skip; and its own commit. */
  private record Message(
      String kind, long step, int attempt, Task task, Plan plan, int index, int value) {
    static Message of(Task task) {
      return new Message("task", task.step(), task.attempt(), task, null, 0, 0);
    }

    /** One of the step after the one that the coordinator works on. */
    static Message ahead(Task task) {
      return new Message("ahead", task.step(), task.attempt(), task, null, 0, 0);
    }

    static Message of(Plan plan) {
      return new Message("plan", -1, 0, null, plan, 0, 0);
    }

    static Message of(String kind, long step, int attempt, int index, int value) {
      return new Message(kind, step, attempt, null, null, index, value);
    }
  }

  /** What a worker has dialed to an owner; it ends with either connection. */
  private final class Stream {
    final Worker from;
    final Worker to;
    final int fromConnection;
    final int toConnection;
    long outAt;
    long inAt;
    boolean over;

    Stream(Worker from, Worker to) {
      this.from = from;
      this.to = to;
      fromConnection = from.connection;
      toConnection = to.connection;
    }

    boolean lasts() {
      return !over
          && from.connection == fromConnection
          && to.connection == toConnection
          && from.alive
          && to.alive;
    }

    void contribute(Runnable arrival) {
      outAt = travel(outAt, to, arrival);
    }

    void giveBack(Runnable arrival) {
      inAt = travel(inAt, from, arrival);
    }

    private long travel(long earliest, Worker receiver, Runnable arrival) {
      if (random.nextInt(400) == 0) {
        end();
      }
      long atMs = Math.max(Math.max(earliest, nowMs), receiver.hungUntil) + random.nextInt(20);
      at(
          atMs,
          () -> {
            if (lasts()) {
              arrival.run();
            } else {
              end();
            }
          });
      return atMs;
    }

    void end() {
      if (!over) {
        over = true;
        at(nowMs + random.nextInt(30), () -> from.unreachable(fromConnection));
      }
    }
  }

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

    /** The sums of the commits in the inbox. */
    final Map<Message, int[]> whole = new IdentityHashMap<>();

    final BitSet present = new BitSet();
    final Map<Worker, Stream> links = new LinkedHashMap<>();
    final Map<Worker, Task> contributions = new LinkedHashMap<>();
    final StepReduction own = new StepReduction(LENGTH, CHUNK, world.shards(), SumFormat.FIXED32);
    Plan plan = Plan.HUB;
    int[] gathered = new int[LENGTH];
    long ownStep = -1;
    int ownAttempt;
    int ownHash;
    long wholeStep = -1;
    long endedStep = -1;
    long assignedStep = -1;
    long foretoldStep = -1;
    long behindStep = -1;
    long skippedStep = -1;
    int states;
    long behindSince;
    int gatheredAttempt;
    final int speed;
    int connection = -1;
    long hungUntil;
    long outAt;
    long inAt;
    long gatheredStep = -1;
    boolean alive = true;
    boolean busy;
    Departure departure;

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
      whole.clear();
      forget();
      endedStep = -1;
      ownStep = -1;
      plan = Plan.HUB;
      links.clear();
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
      if (isHung()) {
        at(hungUntil, () -> receive(on, message));
        return;
      }
      switch (message.kind()) {
        case "chunk" -> {
          gather(message);
          return;
        }
        case "plan" -> {
          adopt(message.plan());
          return;
        }
        case "task", "ahead" -> assigned(message);
        case "state" -> forget();
        default -> {
          skippedStep = message.step();
          endedStep = behindStep > endedStep ? endedStep : skippedStep;
        }
      }
      inbox.add(message);
      work();
    }

    void assigned(Message task) {
      if (foretoldStep < task.step()) {
        inWork(foretoldStep);
      }
      if (task.kind().equals("ahead")) {
        foretoldStep = task.step();
      } else {
        inWork(task.step());
      }
    }

    void inWork(long step) {
      if (step > assignedStep && endedStep < assignedStep) {
        behindStep = assignedStep;
        behindSince = nowMs;
      }
      assignedStep = Math.max(assignedStep, step);
    }

    void forget() {
      present.clear();
      gatheredStep = -1;
      wholeStep = -1;
      assignedStep = -1;
      foretoldStep = -1;
      behindStep = -1;
      endedStep = -1;
      skippedStep = -1;
    }

    /** What is not about a later step than the state's, in the order in which it came. */
    Message nextInTurn() {
      for (Message message : inbox) {
        if (message.kind().equals("state")) {
          while (inbox.poll() != message) {}
          return message;
        }
        if (message.step() <= state.step) {
          inbox.remove(message);
          return message;
        }
        if (message.kind().equals("commit") && whole.remove(message) != null) {
          int mine = connection;
          int given = states;
          at(nowMs + 500, () -> leave(mine, given));
        }
      }
      return null;
    }

    /** It has missed the sums of a step, and dials again to be given the state. */
    void leave(int mine, int given) {
      if (mine == connection && alive && given == states) {
        disconnected();
        at(nowMs + random.nextInt(30), () -> closed(mine));
      }
    }

    void adopt(Plan next) {
      plan = next;
      links.values().removeIf(link -> !link.lasts());
      for (int owner : next.owners()) {
        Peer peer = peers.get(owner);
        if (owner != connection && peer != null && !links.containsKey(peer.worker)) {
          Stream link = new Stream(this, peer.worker);
          links.put(peer.worker, link);
          Worker self = this;
          link.contribute(() -> link.to.greet(self));
        } else if (peer == null) {
          at(nowMs + random.nextInt(30), () -> unreachable(connection));
        }
      }
    }

    /** A new stream is told what it may have missed. */
    void greet(Worker other) {
      for (int index = 0; ownStep >= 0 && index < LENGTH; index++) {
        if (own.isComplete(index)) {
          giveBack(other, index);
        }
      }
    }

    void giveBack(Worker other, int index) {
      Stream link = other.links.get(this);
      if (link != null && link.to == this) {
        Message sums = Message.of("chunk", ownStep, ownAttempt, index, own.sums()[index]);
        link.giveBack(() -> other.receive(link.fromConnection, sums));
      }
    }

    void unreachable(int mine) {
      if (mine != connection || !alive) {
        return;
      }
      long latest = assignedStep > endedStep ? assignedStep : Math.max(assignedStep, foretoldStep);
      long step = Math.max(0, behindStep > endedStep ? behindStep : latest);
      long number = plan.number();
      send(() -> tell(new Event.Unreachable(mine, step, number, "somebody")));
    }

    void reportIfBehind() {
      if (behindStep > endedStep && nowMs - behindSince > 2000) {
        unreachable(connection);
      }
    }

    boolean isOlder(long step, int attempt) {
      return step < ownStep || (step == ownStep && attempt < ownAttempt);
    }

    /** As an owner: somebody's chunks follow. */
    void begin(Worker from, Task task, int hash) {
      contributions.remove(from);
      if (isOlder(task.step(), task.attempt())) {
        return;
      }
      if (task.step() != ownStep || task.attempt() != ownAttempt) {
        ownStep = task.step();
        ownAttempt = task.attempt();
        ownHash = hash;
        contributions.clear();
        own.begin(ownStep, ownAttempt);
      }
      if (hash == ownHash) {
        contributions.put(from, task);
      }
    }

    void add(Worker from, Task task, int index, int value) {
      Task contribution = contributions.get(from);
      if (contribution == null || task.step() != ownStep || task.attempt() != ownAttempt) {
        return;
      }
      StepReduction.Outcome outcome =
          own.add(contribution.shards(), one(ownStep, ownAttempt, index, value));
      if (outcome == StepReduction.Outcome.COMPLETED) {
        int sum = own.sums()[index];
        long step = ownStep;
        int attempt = ownAttempt;
        int mine = connection;
        workers.forEach(other -> giveBack(other, index));
        send(() -> sums(mine, step, attempt, index, sum));
        gather(Message.of("chunk", step, attempt, index, sum));
      }
    }

    void work() {
      if (isHung()) {
        at(hungUntil, this::work);
        return;
      }
      while (!busy) {
        Message next = nextInTurn();
        if (next == null) {
          return;
        }
        follow(next);
      }
    }

    void follow(Message message) {
      switch (message.kind()) {
        case "state" -> {
          states++;
          state.become(message.step(), message.value());
        }
        case "skip" -> {
          if (message.step() == state.step) {
            state.skip();
          }
        }
        case "commit" -> {
          if (message.step() == state.step) {
            int[] sums = whole.get(message);
            if (sums == null) {
              end = "wrong: " + name + " took sums for missed that were not";
              return;
            }
            state.commit(message.attempt(), sums);
          }
          whole.remove(message);
        }
        default -> compute(message.task());
      }
    }

    void gather(Message chunk) {
      boolean isOlder =
          chunk.step() < gatheredStep
              || (chunk.step() == gatheredStep && chunk.attempt() < gatheredAttempt);
      if (chunk.step() <= wholeStep || isOlder) {
        return;
      }
      if (chunk.step() != gatheredStep || chunk.attempt() != gatheredAttempt) {
        gatheredStep = chunk.step();
        gatheredAttempt = chunk.attempt();
        present.clear();
      }
      gathered[chunk.index()] = chunk.value();
      present.set(chunk.index());
      if (present.cardinality() == LENGTH) {
        wholeStep = gatheredStep;
        endedStep = Math.max(gatheredStep, skippedStep);
        gatheredStep = -1;
        Message commit = Message.of("commit", chunk.step(), chunk.attempt(), 0, 0);
        whole.put(commit, gathered);
        gathered = new int[LENGTH];
        inbox.add(commit);
        work();
      }
    }

    /** Whether the end of a step has come in, though it is not its turn yet. */
    boolean isOvertaken(long step) {
      return step <= endedStep;
    }

    void compute(Task task) {
      if (task.step() < state.step) {
        int mine = connection;
        int hash = state.hash;
        send(() -> contributed(mine, task, hash, List.of()));
      }
      if (task.step() != state.step || isOvertaken(task.step())) {
        return;
      }
      if (random.nextInt(300) == 0) {
        state.hash ^= random.nextInt(); // Broken memory.
      }
      int hash = state.hash;
      busy = true;
      int mine = connection;
      int shardMs = (5 + random.nextInt(60)) * speed;
      long wholeMs = (long) shardMs * task.shards().cardinality();
      Departure whole = new Departure(task, hash);
      departure = whole;
      if (random.nextInt(3) > 0) {
        at(nowMs + wholeMs * (1 + random.nextInt(9)) / 10, () -> advance(mine, whole));
      }
      at(nowMs + wholeMs, () -> computed(mine, task, whole));
    }

    /** Some of the values are known before the rest. */
    void advance(int mine, Departure early) {
      if (mine == connection && alive && !isHung() && early == departure) {
        early.begin(true);
        early.send(1 + random.nextInt(LENGTH));
      }
    }

    void computed(int mine, Task task, Departure whole) {
      if (isHung()) {
        at(hungUntil, () -> computed(mine, task, whole));
        return;
      }
      busy = false;
      if (mine == connection && alive) {
        contribute(task, whole);
        if (random.nextInt(20) == 0) {
          contribute(task, new Departure(task, whole.hash));
        }
      }
      departure = departure == whole ? null : departure;
      work();
    }

    void contribute(Task task, Departure whole) {
      int mine = connection;
      List<Fault> faults = world.faults(task.step(), task.attempt(), task.shards());
      send(() -> contributed(mine, task, whole.hash, faults));
      if (faults.isEmpty()) {
        whole.begin(false);
        whole.send(0);
      }
    }

    /** As dev.weir.worker.rpc.Departure. */
    final class Departure {
      final Task task;
      final int hash;
      final int mine = connection;
      int left = LENGTH;
      boolean begun;
      List<Integer> owners = List.of();

      Departure(Task task, int hash) {
        this.task = task;
        this.hash = hash;
      }

      void begin(boolean early) {
        if (begun) {
          return;
        }
        begun = true;
        if (early) {
          Worker.this.send(() -> begun(mine, task, hash));
        }
        if (task.plan() != 0) {
          owners = task.plan() == plan.number() ? plan.owners() : List.of();
          owners.forEach(owner -> give(owner, to -> to.begin(Worker.this, task, hash)));
        }
      }

      void send(int from) {
        while (left > from) {
          left--;
          int index = left;
          int sum = world.sum(task.step(), task.shards(), hash, index);
          if (task.plan() == 0) {
            Worker.this.send(() -> chunk(mine, task, index, sum));
          } else if (!owners.isEmpty()) {
            int owner = owners.get(Slice.owner(index / CHUNK, owners.size()));
            give(owner, to -> to.add(Worker.this, task, index, sum));
          }
        }
      }

      private void give(int owner, Consumer<Worker> what) {
        if (owner == connection) {
          what.accept(Worker.this);
          return;
        }
        links.values().stream()
            .filter(link -> link.toConnection == owner && link.lasts())
            .forEach(link -> link.contribute(() -> what.accept(link.to)));
      }
    }

    void disconnected() {
      connection = -1;
      for (Worker other : workers) {
        for (Stream link : List.copyOf(other.links.values())) {
          if (link.to == this || link.from == this) {
            link.end();
          }
        }
      }
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
    Task early;
    final List<Task> tasks = new ArrayList<>();
    final List<Runnable> kept = new ArrayList<>();

    Peer(Worker worker) {
      this.worker = worker;
    }

    List<Runnable> takeKept() {
      List<Runnable> taken = List.copyOf(kept);
      kept.clear();
      return taken;
    }

    boolean wasTold(Task task) {
      return tasks.stream()
          .anyMatch(told -> told.step() == task.step() && told.attempt() == task.attempt());
    }

    /** Whether it may contribute these shards, as dev.weir.coordinator.Peer. */
    boolean mayContribute(Task task) {
      BitSet shards = (BitSet) task.shards().clone();
      tasks.stream()
          .filter(told -> told.step() == task.step() && told.attempt() == task.attempt())
          .forEach(told -> shards.andNot(told.shards()));
      return shards.isEmpty();
    }
  }

  private final SplittableRandom random;
  private final SimulatedWorld world;
  private final int minWorkers;
  private final Topology topology;
  private final PriorityQueue<Timed> events =
      new PriorityQueue<>(Comparator.comparingLong(Timed::atMs).thenComparingLong(Timed::order));
  private final List<Worker> workers = new ArrayList<>();
  private final Map<Integer, Peer> peers = new LinkedHashMap<>();
  private final List<Logged> log = new ArrayList<>();
  private final BitSet accounted = new BitSet();
  private final BitSet[] counted = new BitSet[LENGTH];
  private long nowMs;
  private long order;
  private int connections;
  private int lives;
  private boolean up;
  private Membership membership;
  private StepReduction reduction;
  private StepReduction ahead;
  private long earlyStep = -1;
  private State state = new State();
  private String end = "";
  private String awaiting = "";

  SimulatedRun(long seed) {
    random = new SplittableRandom(seed);
    world = new SimulatedWorld(random.split(), 1 + random.nextInt(4), 1 + random.nextInt(4));
    minWorkers = 1 + random.nextInt(2);
    topology = Topology.values()[random.nextInt(Topology.values().length)];
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
            topology,
            new CostModel(LENGTH, CHUNK, SumFormat.FIXED32.bytes()),
            new FailureLimits(Duration.ofSeconds(2)));
    if (state.step >= world.steps()) {
      end = "finished";
    } else if (state.skips >= SKIPS) {
      end = "failed";
    }
    membership = new Membership(rules, state.step, state.skips);
    reduction = new StepReduction(LENGTH, CHUNK, world.shards(), SumFormat.FIXED32);
    ahead = new StepReduction(LENGTH, CHUNK, world.shards(), SumFormat.FIXED32);
    earlyStep = -1;
    begin();
    int life = ++lives;
    at(nowMs, () -> tick(life));
  }

  private void begin() {
    accounted.clear();
    for (int i = 0; i < LENGTH; i++) {
      counted[i] = new BitSet();
    }
    if (membership.attempt() > 0) {
      ahead.begin(-1, 0);
    }
    if (ahead.step() != membership.step() || ahead.attempt() != membership.attempt()) {
      reduction.begin(membership.step(), membership.attempt());
      return;
    }
    StepReduction begun = ahead;
    ahead = reduction;
    reduction = begun;
    for (int index = 0; index < LENGTH; index++) {
      if (reduction.isComplete(index)) {
        counted[index].set(0, world.shards());
        publish(reduction.step(), reduction.attempt(), index, membership.plan().owners());
      }
    }
  }

  private boolean isAhead(Peer peer, Task task) {
    return peer != null && task.step() > membership.step() && peer.wasTold(task);
  }

  /** Takes what came of a step before that had begun. */
  private void takeEarly() {
    if (earlyStep >= 0 && earlyStep <= membership.step()) {
      earlyStep = -1;
      List<Runnable> early = new ArrayList<>();
      peers.values().forEach(peer -> early.addAll(peer.takeKept()));
      early.forEach(Runnable::run);
    }
  }

  private void keep(Peer peer, long step, Runnable message) {
    peer.kept.add(message);
    earlyStep = step;
  }

  private void tick(int life) {
    if (!up || life != lives) {
      return;
    }
    peers.forEach(
        (connection, peer) -> {
          if (peer.worker.connection == connection && !peer.worker.isHung()) {
            tell(new Event.Heard(connection));
            peer.worker.reportIfBehind();
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
      boolean reachable = topology != Topology.HUB && random.nextInt(30) != 0;
      tell(new Event.Ready(connection, reachable, link()));
    }
  }

  /** Another each time: mostly slow, so that direct is worth while; at times fast, or unknown. */
  private @Nullable Link link() {
    int factor = random.nextInt(8) == 0 ? 100 : 1;
    return random.nextInt(16) == 0
        ? null
        : new Link(1 + random.nextInt(10_000_000), factor * rate(), factor * rate());
  }

  private long rate() {
    return 500 + random.nextInt(300);
  }

  private void closed(int connection) {
    if (peers.remove(connection) != null) {
      tell(new Event.Lost(connection, "cut"));
    }
  }

  private void begun(int connection, Task task, int hash) {
    Peer peer = peers.get(connection);
    if (isAhead(peer, task)) {
      keep(peer, task.step(), () -> begun(connection, task, hash));
      return;
    }
    if (peer == null || !isCurrent(task)) {
      return;
    }
    requireOwn(peer, task);
    peer.shards = task.shards();
    peer.early = task;
    peer.received = hash == state.hash && task.plan() == 0 ? 0 : -1;
    if (hash == state.hash) {
      accounted.or(task.shards());
      keepIfReduced(-1);
    }
  }

  private boolean isReduced() {
    return reduction.isComplete() && accounted.cardinality() == world.shards();
  }

  private void contributed(int connection, Task task, int hash, List<Fault> faults) {
    Peer peer = peers.get(connection);
    if (isAhead(peer, task)) {
      keep(peer, task.step(), () -> contributed(connection, task, hash, faults));
      return;
    }
    if (peer == null) {
      return;
    }
    requireOwn(peer, task);
    boolean goesOn = task.equals(peer.early) && peer.received >= 0;
    peer.early = null;
    peer.shards = task.shards();
    peer.received = goesOn ? peer.received : 0;
    if (!faults.isEmpty() || task.plan() != 0) {
      peer.received = -1;
    }
    Event event =
        new Event.Contributed(
            connection, task.step(), task.attempt(), task.plan(), task.shards(), faults);
    if (isCurrent(task) && hash != state.hash) {
      peer.received = -1;
      tell(new Event.Diverged(connection));
      return;
    }
    if (isCurrent(task) && faults.isEmpty()) {
      accounted.or(task.shards());
    }
    tell(event);
    if (isCurrent(task)) {
      keepIfReduced(-1);
    }
  }

  private void requireOwn(Peer peer, Task task) {
    if (isCurrent(task) && !peer.mayContribute(task)) {
      end = "wrong: " + peer.worker.name + " contributes what it was not assigned, " + task;
    }
  }

  /** Sums from an owner. */
  private void sums(int connection, long step, int attempt, int index, int value) {
    boolean isCurrent = step == membership.step() && attempt == membership.attempt();
    Peer peer = peers.get(connection);
    if (isAhead(peer, new Task(step, attempt, 0, new BitSet()))) {
      if (ahead.step() != step) {
        ahead.begin(step, attempt);
      }
      ahead.take(one(step, attempt, index, value));
      return;
    }
    if (peer == null || !isCurrent) {
      return;
    }
    if (reduction.take(one(step, attempt, index, value)) == StepReduction.Outcome.COMPLETED) {
      counted[index].set(0, world.shards());
      tell(new Event.Summed(step, attempt));
      if (!keepIfReduced(index)) {
        publish(step, attempt, index, membership.plan().owners());
      }
    }
  }

  private boolean keepIfReduced(int index) {
    boolean all = isReduced();
    if (all) {
      long step = membership.step();
      int attempt = membership.attempt();
      log.add(new Logged(step, attempt, reduction.sums().clone()));
      if (index >= 0) {
        publish(step, attempt, index, membership.plan().owners());
      }
      tell(new Event.Reduced(step, attempt));
    }
    return all;
  }

  private static ValueChunk one(long step, int attempt, int index, int value) {
    int[] values = {value};
    return new ValueChunk(step, attempt, index, values, 0, 1, SumFormat.FIXED32);
  }

  private void chunk(int connection, Task task, int index, int value) {
    Peer peer = peers.get(connection);
    if (peer == null || peer.received < 0 || !isCurrent(task)) {
      return;
    }
    if (peer.early != null && index == 0) {
      end = "wrong: the first value of step " + task.step() + " before its header";
    }
    peer.received++;
    ValueChunk chunk = one(task.step(), task.attempt(), index, value);
    StepReduction.Outcome outcome = reduction.add(peer.shards, chunk);
    if (outcome != StepReduction.Outcome.DROPPED) {
      if (counted[index].intersects(peer.shards)) {
        end = "wrong: a shard was counted twice at step " + task.step();
      }
      counted[index].or(peer.shards);
    }
    if (isReduced()) {
      log.add(new Logged(task.step(), task.attempt(), reduction.sums().clone()));
    }
    if (outcome == StepReduction.Outcome.COMPLETED) {
      publish(task.step(), task.attempt(), index, membership.plan().owners());
    }
    if (isReduced() || (peer.received == LENGTH && !reduction.isComplete())) {
      BitSet shards = (BitSet) peer.shards.clone();
      BitSet delivered = reduction.delivered();
      tell(new Event.Delivered(connection, task.step(), task.attempt(), shards, delivered));
    }
  }

  private void publish(long step, int attempt, int index, List<Integer> owners) {
    boolean last = reduction.isComplete();
    int value = reduction.sums()[index];
    for (Map.Entry<Integer, Peer> peer : peers.entrySet()) {
      if (last && random.nextInt(60) == 0) {
        throw new CoordinatorKilled();
      }
      if (peer.getValue().seeded && !owners.contains(peer.getKey())) {
        toWorker(peer.getKey(), Message.of("chunk", step, attempt, index, value));
      }
    }
  }

  /** Notes what a worker may contribute, of the last steps. */
  private void told(int connection, Task task) {
    Peer peer = peers.get(connection);
    if (peer != null) {
      peer.tasks.removeIf(told -> told.step() < membership.step());
      peer.tasks.add(task);
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
      takeEarly();
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Begin) {
      begin();
    } else if (effect instanceof Effect.Assign assign) {
      Task task = new Task(assign.step(), assign.attempt(), assign.plan(), assign.shards());
      told(assign.worker(), task);
      toWorker(assign.worker(), Message.of(task));
      if (random.nextInt(30) == 0) {
        toWorker(assign.worker(), Message.of(task));
      }
    } else if (effect instanceof Effect.Foretell next) {
      Task task = new Task(next.step(), 0, next.plan(), next.shards());
      told(next.worker(), task);
      toWorker(next.worker(), Message.ahead(task));
    } else if (effect instanceof Effect.Proceed proceed) {
      if (!peers.get(proceed.worker()).wasTold(new Task(proceed.step(), 0, 0, new BitSet()))) {
        end = "wrong: a worker goes on with what it was not told, " + proceed;
      }
    } else if (effect instanceof Effect.Announce announce) {
      announce.plan().owners().forEach(owner -> toWorker(owner, Message.of(announce.plan())));
    } else if (effect instanceof Effect.GiveUp giveUp) {
      for (int index = 0; index < LENGTH; index++) {
        if (reduction.isComplete(index)) {
          publish(giveUp.step(), membership.attempt(), index, List.of());
        }
      }
    } else if (effect instanceof Effect.Seed seed) {
      seed(seed.worker());
    } else if (effect instanceof Effect.Commit commit) {
      commit(commit);
    } else if (effect instanceof Effect.Skip) {
      log.add(new Logged(state.step, -1, new int[0]));
      Message skip = Message.of("skip", state.step, 0, 0, 0);
      ahead.begin(-1, 0);
      state.skip();
      peers.forEach(
          (connection, peer) -> {
            if (peer.seeded) {
              toWorker(connection, skip);
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
    peer.takeKept();
    toWorker(connection, Message.of("state", state.step, 0, 0, state.hash));
    for (int index = 0; index < LENGTH; index++) {
      if (reduction.isComplete(index)) {
        int value = reduction.sums()[index];
        toWorker(connection, Message.of("chunk", state.step, membership.attempt(), index, value));
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
