package dev.weir.coordinator.view;

import dev.weir.coordinator.progress.FaultKind;
import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.coordinator.view.Snapshot.Happening;
import dev.weir.coordinator.view.Snapshot.Phase;
import dev.weir.coordinator.view.Snapshot.Worker;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Follows a run and can say at any time how it stands, to any thread. */
public final class RunWatch implements RunListener {
  private static final int MAX_EVENTS = 200;
  private static final int MAX_GONE = 32;
  private static final double SMOOTHING = 0.1;

  private final Clock clock;
  private final String jobYaml;
  private final Series loss = new Series();
  private final Series throughput = new Series();
  private final List<Scored> evaluations = new ArrayList<>();
  private final Map<Integer, WorkerRecord> workers = new TreeMap<>();
  private final Stragglers stragglers = new Stragglers();
  private final Deque<Happening> events = new ArrayDeque<>();

  private Phase phase = Phase.PREPARING;
  private String phaseText = "choosing the mask";
  private @Nullable RunFacts facts;
  private long step;
  private double seconds;
  private double samplesPerSecond;
  private long exchangedBytes;
  private long exchangedBefore;
  private double denseBytes;
  private long version;

  /**
   * @param jobYaml the resolved job
   */
  public RunWatch(String jobYaml) {
    this(jobYaml, Clock.systemUTC());
  }

  RunWatch(String jobYaml, Clock clock) {
    this.jobYaml = jobYaml;
    this.clock = clock;
  }

  /** What is known of one worker. */
  private static final class WorkerRecord {
    final String name;
    Worker.State state = Worker.State.LOADING;
    BitSet shards = new BitSet();
    long shardsOfStep = -1;
    long contributions;
    StepTimes times = StepTimes.ZERO;

    WorkerRecord(String name) {
      this.name = name;
    }
  }

  /** Whether the mask is chosen, so that workers can be let in. */
  public synchronized boolean isTraining() {
    return phase != Phase.PREPARING;
  }

  /**
   * Waits until something has changed since {@code seen}, or for so long.
   *
   * @return what to give next time
   */
  public synchronized long awaitChange(long seen, long millis) throws InterruptedException {
    long deadlineNs = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    while (version == seen && left > 0) {
      wait(left);
      left = (deadlineNs - System.nanoTime()) / 1_000_000;
    }
    return version;
  }

  private void changed() {
    version++;
    notifyAll();
  }

  @Override
  public synchronized void begin(RunFacts runFacts) {
    facts = runFacts;
    RunHistory history = runFacts.history();
    history.steps().forEach(this::show);
    evaluations.addAll(history.evaluations());
    exchangedBefore = exchangedBytes;
    step = runFacts.firstStep();
    if (step > 0) {
      happened(false, "resumed at step " + step);
      train();
    } else {
      phaseText = "evaluating the base model";
    }
    changed();
  }

  @Override
  public synchronized void evaluated(Scored scored) {
    evaluations.add(scored);
    evaluations.sort(Comparator.comparingLong(Scored::steps));
    if (phase == Phase.PREPARING) {
      train();
    }
    changed();
  }

  private void train() {
    phase = Phase.TRAINING;
    phaseText = "waiting for workers";
  }

  @Override
  public synchronized void joined(int worker, String name) {
    workers.put(worker, new WorkerRecord(name.isEmpty() ? "worker " + worker : name));
    happened(false, workers.get(worker).name + " joined");
    forgetGone();
    changed();
  }

  private void forgetGone() {
    List<Integer> gone =
        workers.entrySet().stream()
            .filter(entry -> entry.getValue().state == Worker.State.GONE)
            .map(Map.Entry::getKey)
            .toList();
    gone.subList(0, Math.max(0, gone.size() - MAX_GONE)).forEach(workers::remove);
  }

  @Override
  public synchronized void ready(int worker) {
    setState(worker, Worker.State.READY);
    changed();
  }

  @Override
  public synchronized void assigned(int worker, long ofStep, BitSet shards) {
    WorkerRecord record = workers.get(worker);
    if (record != null) {
      if (record.shardsOfStep != ofStep) {
        record.shards.clear();
        record.shardsOfStep = ofStep;
      }
      record.shards.or(shards);
    }
  }

  @Override
  public synchronized void computed(int worker, long ofStep, BitSet shards, StepTimes times) {
    WorkerRecord record = workers.get(worker);
    if (record != null) {
      record.contributions++;
      record.times = record.times.plus(times);
      stragglers.computed(worker, shards.cardinality(), times);
    }
  }

  @Override
  public synchronized void gone(int worker, String reason) {
    setState(worker, Worker.State.GONE);
    stragglers.gone(worker);
    changed();
  }

  private void setState(int worker, Worker.State state) {
    WorkerRecord record = workers.get(worker);
    if (record != null) {
      record.state = state;
    }
  }

  @Override
  public synchronized void chose(boolean direct, String reason) {
    happened(false, "sums go " + reason);
    changed();
  }

  @Override
  public synchronized void fault(FaultKind kind, String message) {
    happened(true, message);
    changed();
  }

  private void happened(boolean fault, String text) {
    events.addFirst(new Happening(clock.instant(), fault, text));
    if (events.size() > MAX_EVENTS) {
      events.removeLast();
    }
  }

  @Override
  public synchronized void step(StepRecord record) {
    phaseText = "training";
    show(record);
    changed();
  }

  private void show(StepRecord record) {
    step = record.end();
    exchangedBytes = exchangedBefore + record.sentBytes() + record.receivedBytes();
    RunFacts known = facts;
    if (known != null) {
      denseBytes += 2.0 * known.denseBytes() * record.steps() * record.workers();
      double samples = (double) known.job().training().batchSize() * record.steps();
      rate(record, samples / record.seconds());
    }
    if (!record.skipped()) {
      loss.add(step, record.loss());
    }
  }

  private void rate(StepRecord record, double rate) {
    seconds += record.seconds();
    throughput.add(step, rate);
    samplesPerSecond =
        samplesPerSecond == 0 ? rate : samplesPerSecond + SMOOTHING * (rate - samplesPerSecond);
  }

  @Override
  public synchronized void end(String reason) {
    phase = Phase.ENDED;
    phaseText = reason;
    happened(false, reason);
    changed();
  }

  /** How the run stands. */
  public synchronized Snapshot snapshot() {
    return new Snapshot(
        phase,
        phaseText,
        jobYaml,
        facts,
        step,
        seconds,
        loss.points(),
        throughput.points(),
        samplesPerSecond,
        List.copyOf(evaluations),
        exchangedBytes,
        denseBytes,
        workerList(),
        List.copyOf(events));
  }

  private List<Worker> workerList() {
    Set<Integer> slow = stragglers.workers();
    List<Worker> list = new ArrayList<>();
    workers.forEach(
        (number, record) ->
            list.add(
                new Worker(
                    number,
                    record.name,
                    record.state,
                    text(record.shards),
                    record.contributions,
                    record.times,
                    slow.contains(number))));
    list.sort(Comparator.comparing(worker -> worker.state() == Worker.State.GONE));
    return List.copyOf(list);
  }

  /** Such as {@code 0–3, 6}. */
  private static String text(BitSet shards) {
    StringBuilder text = new StringBuilder();
    for (int from = shards.nextSetBit(0); from >= 0; ) {
      int to = shards.nextClearBit(from) - 1;
      text.append(text.length() == 0 ? "" : ", ").append(from);
      if (to > from) {
        text.append(to == from + 1 ? ", " : "–").append(to);
      }
      from = shards.nextSetBit(to + 1);
    }
    return text.toString();
  }
}
