package dev.weir.coordinator.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The last steps in the Trace Event Format, which {@code chrome://tracing} and Perfetto show: one
 * row for the steps and one for each worker.
 *
 * <p>Durations are the workers' own. They are placed by the coordinator's clock, at the moment that
 * a worker's contribution arrives: compute and gather end there; all-reduce, waiting and update,
 * which a worker reports a step later, begin at its contribution before. Of the three, only the
 * durations are known, not their order; waiting is drawn last before the update.
 */
public final class Trace implements RunListener {
  private static final int KEPT = 4096;
  private static final int STEPS_ROW = 0;

  private final LongSupplier nanoTime;
  private final long originNs;
  private final Deque<Span> spans = new ArrayDeque<>();
  private final Map<Integer, String> rows = new TreeMap<>();
  private final Map<Integer, Contribution> last = new HashMap<>();
  private long currentStep = -1;
  private long stepBeginNs;

  /** A piece of time on a row. */
  private record Span(int row, String name, long beginNs, double ns, long step, String shards) {}

  private record Contribution(long ns, long step, String shards) {}

  public Trace() {
    this(System::nanoTime);
  }

  Trace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.originNs = nanoTime.getAsLong();
    this.stepBeginNs = originNs;
    rows.put(STEPS_ROW, "steps");
  }

  @Override
  public synchronized void joined(int worker, String name) {
    rows.put(worker, name + " (worker " + worker + ")");
  }

  @Override
  public synchronized void assigned(int worker, long step, BitSet shards) {
    if (step != currentStep) {
      currentStep = step;
      stepBeginNs = nanoTime.getAsLong();
    }
  }

  @Override
  public synchronized void computed(int worker, long step, BitSet shards, StepTimes times) {
    long nowNs = nanoTime.getAsLong();
    Contribution before = last.get(worker);
    if (before != null) {
      double begin = before.ns;
      begin = add(worker, "all-reduce", begin, times.allReduceNs(), before);
      begin = add(worker, "waiting", begin, times.waitingNs(), before);
      add(worker, "update", begin, times.updateNs(), before);
    }
    Contribution now = new Contribution(nowNs, step, shards.toString());
    double begin = nowNs - times.gatherNs() - times.computeNs();
    begin = add(worker, "compute", begin, times.computeNs(), now);
    add(worker, "gather", begin, times.gatherNs(), now);
    last.put(worker, now);
  }

  private double add(int row, String name, double beginNs, double ns, Contribution of) {
    if (ns > 0) {
      add(new Span(row, name, (long) beginNs - originNs, ns, of.step, of.shards));
    }
    return beginNs + ns;
  }

  private void add(Span span) {
    if (spans.size() == KEPT) {
      spans.removeFirst();
    }
    spans.addLast(span);
  }

  @Override
  public synchronized void step(StepRecord record) {
    long nowNs = nanoTime.getAsLong();
    add(
        new Span(
            STEPS_ROW,
            record.name() + (record.skipped() ? " (skipped)" : ""),
            stepBeginNs - originNs,
            nowNs - stepBeginNs,
            record.step(),
            ""));
  }

  @Override
  public synchronized void gone(int worker, String reason) {
    last.remove(worker);
  }

  /** The trace; times in microseconds from the start of the process. */
  public String json() {
    List<Span> copy;
    Map<Integer, String> names;
    synchronized (this) {
      copy = new ArrayList<>(spans);
      names = new TreeMap<>(rows);
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      write(json, copy, names);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a trace", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, List<Span> spans, Map<Integer, String> names)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("displayTimeUnit", "ms");
    json.writeArrayFieldStart("traceEvents");
    for (Map.Entry<Integer, String> row : names.entrySet()) {
      json.writeStartObject();
      json.writeStringField("ph", "M");
      json.writeStringField("name", "thread_name");
      json.writeNumberField("pid", 1);
      json.writeNumberField("tid", row.getKey());
      json.writeObjectFieldStart("args");
      json.writeStringField("name", row.getValue());
      json.writeEndObject();
      json.writeEndObject();
    }
    for (Span span : spans) {
      write(json, span);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Span span) throws IOException {
    json.writeStartObject();
    json.writeStringField("ph", "X");
    json.writeStringField("name", span.name);
    json.writeNumberField("pid", 1);
    json.writeNumberField("tid", span.row);
    json.writeNumberField("ts", span.beginNs / 1e3);
    json.writeNumberField("dur", span.ns / 1e3);
    json.writeObjectFieldStart("args");
    json.writeNumberField("step", span.step);
    if (!span.shards.isEmpty()) {
      json.writeStringField("shards", span.shards);
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
