package dev.weir.coordinator.web;

import dev.weir.coordinator.progress.FaultKind;
import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.coordinator.view.Layers;
import dev.weir.coordinator.view.Stragglers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * A run as Prometheus series.
 *
 * <p>Times and bytes are counters, so that a rate over any window can be taken of them. The names
 * are in {@code docs/watching.md}.
 */
public final class Metrics implements RunListener, AutoCloseable {
  private static final Duration SHORTEST_STEP = Duration.ofMillis(1);
  private static final Duration LONGEST_STEP = Duration.ofMinutes(2);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMetrics process = new ProcessMetrics(registry);
  private final Map<Integer, String> names = new HashMap<>();
  private final Set<Integer> ready = new HashSet<>();
  private final Stragglers stragglers = new Stragglers();
  private final Timer stepTimer =
      Timer.builder("weir.step.duration")
          .description("Time from the end of one step to the end of the next")
          .publishPercentileHistogram()
          .minimumExpectedValue(SHORTEST_STEP)
          .maximumExpectedValue(LONGEST_STEP)
          .register(registry);

  private volatile double loss = Double.NaN;
  private volatile long step;
  private volatile long sentBytes;
  private volatile long receivedBytes;
  private final AtomicLong denseBytes = new AtomicLong();
  private final AtomicLong samples = new AtomicLong();
  private volatile int joinedWorkers;
  private volatile int readyWorkers;
  private volatile int stragglingWorkers;
  private volatile double accuracy = Double.NaN;
  private volatile double matthews = Double.NaN;
  private volatile double heldOutLoss = Double.NaN;
  private volatile long evaluatedStep;
  private volatile long journalNs = System.nanoTime();
  private int openFaults;
  private int batchSize;
  private long denseBytesPerStep;

  public Metrics() {
    progress();
    wire();
    workers();
    Gauge.builder("weir.checkpoint.age", this, m -> (System.nanoTime() - m.journalNs) / 1e9)
        .baseUnit("seconds")
        .description("Time since the journal, the run's checkpoint, last received a step")
        .register(registry);
    for (FaultKind kind : FaultKind.values()) {
      faults(kind);
    }
    recoveries();
  }

  private void progress() {
    gauge("weir.loss", "Mean loss of the last step that was not skipped", m -> m.loss);
    gauge("weir.step", "Steps done", m -> m.step);
    gauge("weir.eval.accuracy", "Accuracy on the held-out samples", m -> m.accuracy);
    gauge("weir.eval.matthews", "Matthews correlation, held-out samples", m -> m.matthews);
    gauge("weir.eval.step", "Steps done at the last evaluation", m -> m.evaluatedStep);
    gauge("weir.eval.loss", "Mean loss on the held-out samples", m -> m.heldOutLoss);
    counter("weir.samples", "", "Samples trained on by this process", m -> m.samples.get());
  }

  private void wire() {
    counter("weir.wire.sent", "bytes", "Bytes sent to all workers", m -> m.sentBytes);
    counter("weir.wire.received", "bytes", "Bytes received from all workers", m -> m.receivedBytes);
    counter(
        "weir.wire.dense",
        "bytes",
        "Bytes that the same steps would have exchanged without a mask, both ways",
        m -> m.denseBytes.get());
  }

  private void workers() {
    gauge("weir.workers.joined", "Workers with an open stream", m -> m.joinedWorkers);
    gauge("weir.workers.ready", "Workers that are given shards", m -> m.readyWorkers);
    gauge(
        "weir.workers.straggling",
        "Workers that compute for much longer than the median",
        m -> m.stragglingWorkers);
  }

  private void gauge(String name, String description, ToDoubleFunction<Metrics> value) {
    Gauge.builder(name, this, value).description(description).register(registry);
  }

  private void counter(
      String name, String unit, String description, ToDoubleFunction<Metrics> value) {
    FunctionCounter.builder(name, this, value)
        .baseUnit(unit.isEmpty() ? null : unit)
        .description(description)
        .register(registry);
  }

  private Counter faults(FaultKind kind) {
    return Counter.builder("weir.faults")
        .tag("kind", kind.name().toLowerCase(Locale.ROOT))
        .description("What went wrong without ending the run")
        .register(registry);
  }

  private Counter recoveries() {
    return Counter.builder("weir.recoveries")
        .description("Faults after which a step was done")
        .register(registry);
  }

  @Override
  public void begin(RunFacts facts) {
    step = facts.firstStep();
    facts.history().evaluations().forEach(this::evaluated);
    batchSize = facts.job().training().batchSize();
    denseBytesPerStep = 2 * facts.denseBytes();
    long steps = facts.job().training().steps();
    gauge("weir.steps.planned", "Steps of the whole job", m -> steps);
    gauge("weir.parameters", "Parameters of the model", m -> facts.mask().layout().size());
    gauge("weir.parameters.trained", "Parameters that are trained", m -> facts.mask().size());
    for (Layers.Layer layer : Layers.of(facts.mask())) {
      Gauge.builder("weir.mask.density", layer, Layers.Layer::density)
          .tag("layer", layer.name())
          .strongReference(true)
          .description("Share of a layer's parameters that is trained")
          .register(registry);
    }
  }

  @Override
  public synchronized void evaluated(Scored scored) {
    if (scored.steps() >= evaluatedStep) {
      evaluatedStep = scored.steps();
      accuracy = scored.accuracy();
      matthews = scored.matthews();
      heldOutLoss = scored.loss();
    }
  }

  @Override
  public void joined(int worker, String name) {
    names.put(worker, name.isEmpty() ? String.valueOf(worker) : name);
    joinedWorkers = names.size();
  }

  @Override
  public void ready(int worker) {
    ready.add(worker);
    readyWorkers = ready.size();
  }

  @Override
  public void gone(int worker, String reason) {
    names.remove(worker);
    ready.remove(worker);
    stragglers.gone(worker);
    joinedWorkers = names.size();
    readyWorkers = ready.size();
    stragglingWorkers = stragglers.workers().size();
  }

  @Override
  public void computed(int worker, long ofStep, BitSet shards, StepTimes times) {
    stragglers.computed(worker, shards.cardinality(), times);
    stragglingWorkers = stragglers.workers().size();
    String name = names.getOrDefault(worker, String.valueOf(worker));
    phase(name, "compute", times.computeNs());
    phase(name, "gather", times.gatherNs());
    phase(name, "all-reduce", times.allReduceNs());
    phase(name, "update", times.updateNs());
    phase(name, "waiting", times.waitingNs());
  }

  private void phase(String worker, String phase, double ns) {
    Counter.builder("weir.step.phase")
        .tag("worker", worker)
        .tag("phase", phase)
        .baseUnit("seconds")
        .description("Where each worker's time went")
        .register(registry)
        .increment(ns / 1e9);
  }

  @Override
  public void fault(FaultKind kind, String message) {
    faults(kind).increment();
    openFaults++;
  }

  @Override
  public void step(StepRecord record) {
    step = record.end();
    if (!record.skipped()) {
      loss = record.loss();
    }
    samples.addAndGet((long) batchSize * record.steps());
    sentBytes = record.sentBytes();
    receivedBytes = record.receivedBytes();
    denseBytes.addAndGet(denseBytesPerStep * record.steps() * record.workers());
    journalNs = System.nanoTime();
    stepTimer.record((long) (record.seconds() * 1e9), TimeUnit.NANOSECONDS);
    recoveries().increment(openFaults);
    openFaults = 0;
  }

  /** All series, as Prometheus reads them. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    process.close();
    registry.close();
  }
}
