package dev.weir.coordinator;

import dev.weir.coordinator.journal.Journal;
import dev.weir.coordinator.membership.CostModel;
import dev.weir.coordinator.membership.Rules;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.rpc.Briefing;
import dev.weir.coordinator.rpc.Digests;
import dev.weir.coordinator.rpc.TrainingServer;
import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.mask.Masks;
import dev.weir.optimizer.DecayRanges;
import dev.weir.optimizer.LearningRateSchedule;
import dev.weir.optimizer.Sgd;
import dev.weir.parameter.ParameterLayout;
import dev.weir.state.TrainingState;
import dev.weir.state.UpdateRule;
import dev.weir.sum.SumFormat;
import dev.weir.sum.SumRule;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A real server on the loopback address with a task of ten values, so that what it does with its
 * peers can be tried in milliseconds.
 */
final class TinyRun implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef0123456789abcdef";
  static final int VALUES = 10;
  static final int CHUNK = 4;
  static final int SHARDS = 4;
  static final int STEPS = 5;

  private final EventLoop loop = new EventLoop("tiny-run");
  private final Journal journal;
  private final StepLoop steps;
  private final TrainingServer server;
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Integer> readied = new LinkedBlockingQueue<>();
  private final Path folder;
  private volatile long failingStep = Long.MAX_VALUE;
  private volatile String failingName = "";

  TinyRun(Path folder, int firstWorkers, Duration patience) {
    this(folder, firstWorkers, patience, Topology.HUB);
  }

  TinyRun(Path folder, int firstWorkers, Duration patience, Topology topology) {
    this.folder = folder;
    Mask mask = mask();
    Rules rules =
        new Rules(
            SHARDS,
            STEPS,
            1,
            1,
            firstWorkers,
            false,
            3,
            12,
            topology == Topology.HUB, // Or whoever is a millisecond late would be dealt less.
            topology,
            new CostModel(VALUES, CHUNK, SumFormat.FIXED32.bytes()),
            new FailureLimits(Duration.ofSeconds(60)));
    journal = Journal.create(folder, initialState());
    Lobby lobby = new Lobby("job");
    steps =
        new StepLoop(
            rules,
            new Prepared(
                new Briefing("job", CHUNK, new Digests("model", "data", mask.digest())),
                MaskCodec.encode(mask),
                VALUES,
                SumFormat.FIXED32),
            new JournaledReplica(journal),
            new WireBytes(),
            new Listener());
    loop.executor().execute(() -> lobby.open(steps));
    server =
        new TrainingServer(
            new InetSocketAddress("127.0.0.1", 0),
            new Door(TOKEN, null, patience),
            loop,
            new WireBytes(),
            lobby);
  }

  /** Remembers what is said, and fails where a test wants it to. */
  private final class Listener implements RunListener {
    @Override
    public void notice(String message) {
      notices.add(message);
    }

    @Override
    public void joined(int worker, String name) {
      failIf(name.equals(failingName));
    }

    @Override
    public void ready(int worker) {
      readied.add(worker);
    }

    @Override
    public void step(StepRecord step) {
      failIf(step.step() >= failingStep);
    }

    private static void failIf(boolean wanted) {
      if (wanted) {
        throw new IllegalStateException("made up for this test");
      }
    }
  }

  /** Lets what follows a step fail. */
  void failFrom(long step) {
    failingStep = step;
  }

  /** Lets what belongs to joining fail. */
  void failOnJoinOf(String name) {
    failingName = name;
  }

  static Mask mask() {
    return Masks.dense(ParameterLayout.builder().add("w", VALUES).build());
  }

  static String maskDigest() {
    return mask().digest();
  }

  static TrainingState initialState() {
    UpdateRule rule =
        new UpdateRule(
            new Sgd(0.9, true, 0.01),
            new LearningRateSchedule(LearningRateSchedule.Shape.CONSTANT, 0.5, 0, STEPS),
            0,
            new SumRule(SumFormat.FIXED32, SHARDS, 0),
            DecayRanges.everywhere(VALUES));
    float[] values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      values[i] = 0.1f * i;
    }
    return new TrainingState(rule, values);
  }

  int port() {
    return Integer.parseInt(server.address().replaceAll(".*:", ""));
  }

  FakeWorker worker(String name) {
    return new FakeWorker(port(), TOKEN, name);
  }

  /** The number of the next worker to say that it is ready, once more or for the first time. */
  int readied() throws InterruptedException {
    Integer worker = readied.poll(30, TimeUnit.SECONDS);
    if (worker == null) {
      throw new AssertionError("nobody said that it is ready for 30 s");
    }
    return worker;
  }

  /** What was said so far. */
  List<String> notices() {
    return notices;
  }

  /** Lets so much time pass that signs of life are due. */
  void heartbeat() {
    for (int i = 0; i < StepLoop.TICKS_PER_HEARTBEAT; i++) {
      tick();
    }
  }

  /** Lets time pass. */
  void tick() {
    loop.executor().execute(steps::tick);
  }

  Ending stop() throws Exception {
    loop.executor().execute(() -> steps.stop("it was stopped"));
    return ending();
  }

  Ending ending() throws Exception {
    return steps.ending().get(30, TimeUnit.SECONDS);
  }

  /** The step that a new coordinator would go on at. */
  long resumedStep() {
    try (Journal again = Journal.resume(folder, initialState().rule())) {
      return again.state().step();
    }
  }

  /** Waits for the end of the run and returns what it came to. */
  String digestAtTheEnd() throws Exception {
    Ending ending = ending();
    if (ending.kind() != Ending.Kind.FINISHED) {
      throw new AssertionError(ending.reason());
    }
    return loop.executor().submit(() -> journal.state().digest()).get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.close();
    loop.close();
    journal.close();
  }
}
