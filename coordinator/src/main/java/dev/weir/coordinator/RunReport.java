package dev.weir.coordinator;

import dev.weir.coordinator.Summary.Score;
import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.evaluation.Evaluation;
import dev.weir.job.Job;
import dev.weir.job.Precision;
import dev.weir.mask.Mask;
import dev.weir.state.TrainingState;
import dev.weir.wire.WireBytes;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What a run tells the person who started it, and what its {@code summary.json} says. */
final class RunReport implements RunListener, AutoCloseable {
  private final RunDirectory directory;
  private final Job job;
  private final RunStart start;
  private final Console console;
  private final StepBytes wire;
  private final MetricsFile metrics;
  private final long firstStep;

  private final List<Scored> during = new CopyOnWriteArrayList<>();
  private final SlowWorkers slow = new SlowWorkers();
  private StepTimes times;
  private double trainSeconds;
  private int workers;
  private @Nullable String topologyChoice;

  RunReport(RunDirectory directory, Job job, RunStart start, Console console, WireBytes bytes) {
    this.directory = directory;
    this.job = job;
    this.start = start;
    this.firstStep = start.journal().state().step();
    this.console = console;
    this.wire = new StepBytes(bytes);
    this.metrics = new MetricsFile(directory.metrics(), firstStep, start.journal().replayed());
    this.during.addAll(history().evaluations());
    this.times = history().times();
    this.trainSeconds = history().seconds();
  }

  /** What the run did before it was resumed. */
  RunHistory history() {
    return metrics.history();
  }

  /** Says what will be trained on what. */
  void start() {
    Mask mask = start.mask();
    int n = mask.layout().size();
    console.print("job      %s", job.name());
    console.print("model    %s, %,d parameters", job.model().source(), n);
    console.print("data     %s", start.foundation().data());
    console.print(
        "method   %s: %,d of %,d parameters are trained (%.3f %%), mask %.1f s",
        name(job.method().name()), mask.size(), n, 100 * mask.density(), start.choice().seconds());
    console.print(
        "wire     %s per step and worker, each way%s; dense would be %s (%.0f times more)",
        size(payload()), rounds(), size(4L * n), 4.0 * n / payload());
  }

  /** Says how good the model is before. */
  void before(Score before) {
    console.print("before   %s", describe(before));
  }

  /** Training begins. */
  void begin() {
    console.begin(firstStep, job.training().steps());
  }

  @Override
  public void step(StepRecord record) {
    metrics.add(record);
    trainSeconds += record.seconds();
    times = times.plus(record.times());
    workers = record.workers();
    wire.step(record);
    long dense = 2L * denseBytes() * wire.workerSteps();
    console.step(record, job.training().steps(), size(wire.exchanged()) + ", dense " + size(dense));
  }

  @Override
  public void late(String worker, long step, double seconds) {
    slow.add(worker, seconds);
  }

  @Override
  public void chose(boolean direct, String reason) {
    topologyChoice = reason;
  }

  /** The model was evaluated during training. */
  void during(Scored scored) {
    during.add(scored);
    metrics.add(scored);
    console.print(
        "step %d/%d  accuracy %.3f, Matthews correlation %.3f on %,d held-out samples",
        scored.steps(),
        job.training().steps(),
        scored.accuracy(),
        scored.matthews(),
        scored.samples());
  }

  @Override
  public void notice(String message) {
    console.print("%s", message);
  }

  @Override
  public void end(String reason) {
    console.end();
  }

  /** Prints the end of the run. */
  void end(Summary summary, Ending ending) {
    new SummaryTable(summary, directory, console).print(ending);
  }

  /** The run in numbers. */
  Summary summary(Ending ending, TrainingState state, Score before, @Nullable Score after) {
    Mask mask = start.mask();
    return new Summary(
        job.name(),
        name(job.method().name()),
        mask.layout().size(),
        mask.size(),
        mask.density(),
        mask.digest(),
        state.step(),
        workers,
        job.training().shards(),
        name(job.communication().precision()),
        name(job.communication().topology()),
        topologyChoice,
        job.communication().everySteps(),
        state.digest(),
        name(ending.kind()),
        wireSummary(),
        seconds(),
        slow.costliest(),
        new Summary.Evaluations(before, after, during.stream().map(RunReport::entry).toList()));
  }

  private static Summary.During entry(Scored s) {
    return new Summary.During(s.steps(), s.accuracy(), s.matthews(), s.loss(), s.samples());
  }

  private Summary.Wire wireSummary() {
    Summary.Wire since = wire.summary(payload(), denseBytes());
    return new Summary.Wire(
        history().sentBytes() + since.sentBytes(),
        history().receivedBytes() + since.receivedBytes(),
        since.stepSentBytesPerStepPerWorker(),
        since.stepReceivedBytesPerStepPerWorker(),
        since.payloadBytesPerStepPerWorker(),
        since.denseBytesPerStepPerWorker());
  }

  private Summary.Seconds seconds() {
    return new Summary.Seconds(
        start.choice().seconds(),
        trainSeconds,
        times.computeNs() / 1e9,
        times.gatherNs() / 1e9,
        times.allReduceNs() / 1e9,
        times.updateNs() / 1e9,
        times.waitingNs() / 1e9);
  }

  private long payload() {
    double exchanged = (double) precision().format().bytes() * start.mask().size();
    return Math.round(exchanged / job.communication().everySteps());
  }

  private String rounds() {
    int every = job.communication().everySteps();
    return every == 1 ? "" : ", exchanged every " + every + " steps";
  }

  private Precision precision() {
    return job.communication().precision();
  }

  private long denseBytes() {
    return 4L * start.mask().layout().size();
  }

  static Score score(Evaluation evaluation) {
    return new Score(
        evaluation.accuracy(), evaluation.matthews(), evaluation.loss(), evaluation.samples());
  }

  static String describe(Score score) {
    return String.format(
        Locale.ROOT,
        "accuracy %.3f, Matthews correlation %.3f on %,d held-out samples",
        score.accuracy(),
        score.mcc(),
        score.samples());
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static String size(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  @Override
  public void close() {
    metrics.close();
  }
}
