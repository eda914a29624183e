package dev.weir.coordinator.view;

import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.Scored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The page of a run, of sections that can be replaced one by one. The dashboard serves it and keeps
 * it up to date; the report is the same page at the end of the run.
 */
public final class RunPage {
  private static final int SCORES_SHOWN = 5;

  private final Snapshot run;
  private final @Nullable RunFacts facts;

  public RunPage(Snapshot run) {
    this.run = run;
    this.facts = run.facts();
  }

  /** What stands in each section that changes during a run, by the section's id. */
  public Map<String, String> live() {
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put("status", status());
    sections.put("figures", figures());
    sections.put("loss", lossChart());
    sections.put("evaluation", evaluation());
    sections.put("throughput", throughputChart());
    sections.put("wire", new WireSection(run).html());
    sections.put("workers", new WorkersSection(run.workers()).html());
    sections.put("events", new EventsSection(run.events()).html());
    return sections;
  }

  /** The sections that never change, once the mask is known. */
  public Map<String, String> fixed() {
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put("mask", facts == null ? "" : new MaskPicture(facts.mask()).svg());
    sections.put("layers", facts == null ? "" : LayersTable.html(facts.mask()));
    sections.put("job", "<pre tabindex=\"0\">" + Text.escape(run.jobYaml()) + "</pre>");
    return sections;
  }

  /** Name of the job, for titles. */
  public String title() {
    return facts == null ? "Weir" : facts.job().name();
  }

  /** The pictures of the page, as SVG, by name. */
  public Map<String, String> pictures() {
    Map<String, String> pictures = new LinkedHashMap<>();
    pictures.put("loss", lossChart());
    pictures.put("throughput", throughputChart());
    pictures.put("evaluation", evaluationChart());
    if (facts != null) {
      pictures.put("mask", new MaskPicture(facts.mask()).svg());
    }
    return pictures;
  }

  private String lossChart() {
    return new LineChart(
            List.of(
                new Curve("training loss", run.loss(), true),
                new Curve("held-out loss", evaluated(Scored::loss), false)),
            plannedSteps(),
            false)
        .svg();
  }

  private String throughputChart() {
    return new LineChart(
            List.of(new Curve("samples per second", run.throughput(), true)), plannedSteps(), true)
        .svg();
  }

  private long plannedSteps() {
    return facts == null ? 0 : facts.job().training().steps();
  }

  private String status() {
    String kind = run.phase().name().toLowerCase(java.util.Locale.ROOT);
    double share = plannedSteps() == 0 ? 0 : (double) run.step() / plannedSteps();
    return Text.format(
        "<div class=\"title\"><h1>%s</h1><span class=\"pill %s\">%s</span></div>"
            + "<p class=\"lede\">%s</p>"
            + "<progress max=\"100\" value=\"%.2f\" aria-label=\"Steps done\"></progress>"
            + "<p class=\"steps\"><span>step <b>%,d</b> of %,d</span><span>%s</span></p>",
        Text.escape(title()),
        kind,
        Text.escape(run.phaseText()),
        lede(),
        100 * share,
        run.step(),
        plannedSteps(),
        remaining(share));
  }

  private String lede() {
    RunFacts known = facts;
    if (known == null) {
      return "The model is loaded and the parameters to train are chosen.";
    }
    return Text.format(
        "%s trains <b>%,d</b> of %,d parameters of %s by %s mask, on %s",
        "Weir",
        known.mask().size(),
        known.mask().layout().size(),
        Text.escape(known.job().model().source()),
        known.job().method().name().name().toLowerCase(java.util.Locale.ROOT),
        Text.escape(known.data().replace(" %", "\u00a0%")));
  }

  private String remaining(double share) {
    if (run.phase() != Snapshot.Phase.TRAINING || run.samplesPerSecond() == 0 || facts == null) {
      return run.seconds() == 0 ? "" : "took " + Text.duration(run.seconds());
    }
    double left =
        (plannedSteps() - run.step()) * facts.job().training().batchSize() / run.samplesPerSecond();
    return share >= 1 ? "done" : "about " + Text.duration(left) + " to go";
  }

  private String figures() {
    List<Series.Point> loss = run.loss();
    String lastLoss =
        loss.isEmpty()
            ? "–"
            : Text.number(
                loss.subList(Math.max(0, loss.size() - 10), loss.size()).stream()
                    .mapToDouble(Series.Point::y)
                    .average()
                    .orElse(0));
    long ready =
        run.workers().stream().filter(w -> w.state() == Snapshot.Worker.State.READY).count();
    return figure("Loss", lastLoss, loss.isEmpty() ? "" : "from " + Text.number(loss.get(0).y()))
        + accuracyFigure()
        + figure(
            "Throughput",
            run.samplesPerSecond() == 0 ? "–" : Text.number(run.samplesPerSecond()),
            "samples/s")
        + figure(
            "Exchanged",
            run.exchangedBytes() == 0 ? "–" : Text.bytes(run.exchangedBytes()),
            run.denseBytes() == 0 ? "" : "of dense " + Text.bytes(run.denseBytes()))
        + figure("Workers", String.valueOf(ready), faults());
  }

  private String faults() {
    long faults = run.events().stream().filter(Snapshot.Happening::fault).count();
    return faults == 0 ? "no faults" : faults == 1 ? "1 fault" : faults + " faults";
  }

  private String accuracyFigure() {
    List<Scored> scores = run.evaluations();
    if (scores.isEmpty()) {
      return figure("Accuracy", "–", "not evaluated yet");
    }
    String last = percent(scores.get(scores.size() - 1).accuracy());
    return scores.size() == 1
        ? figure("Accuracy", last, "before training")
        : figure("Accuracy", last, "from " + percent(scores.get(0).accuracy()));
  }

  private static String percent(double share) {
    return Text.format("%.1f %%", 100 * share);
  }

  private static String figure(String label, String value, String note) {
    return Text.format(
        "<div><dt>%s</dt><dd><b>%s</b><span>%s</span></dd></div>", label, value, note);
  }

  private String evaluation() {
    List<Scored> scores = run.evaluations();
    if (scores.isEmpty()) {
      return "<p class=\"quiet\">The base model is evaluated before the first step.</p>";
    }
    StringBuilder html = new StringBuilder();
    if (scores.size() > 1) {
      html.append(evaluationChart());
    }
    html.append(
        "<table><thead><tr><th>after step</th><th>samples</th><th>accuracy</th><th>Matthews</th>"
            + "<th>loss</th></tr></thead><tbody>");
    int shown = Math.max(0, scores.size() - SCORES_SHOWN);
    for (Scored score : scores.subList(shown, scores.size())) {
      html.append(
          Text.format(
              "<tr><td>%,d</td><td>%,d</td><td>%s</td><td>%.3f</td><td>%.3f</td></tr>",
              score.steps(),
              score.samples(),
              percent(score.accuracy()),
              score.matthews(),
              score.loss()));
    }
    return html.append("</tbody></table>").toString();
  }

  private String evaluationChart() {
    return new LineChart(
            List.of(
                new Curve("accuracy", evaluated(Scored::accuracy), false),
                new Curve("Matthews", evaluated(Scored::matthews), false)),
            plannedSteps(),
            false)
        .svg();
  }

  /** The evaluations of one curve: those on the same samples, which are the fewest. */
  private List<Series.Point> evaluated(ToDoubleFunction<Scored> value) {
    long samples = run.evaluations().stream().mapToLong(Scored::samples).min().orElse(0);
    return run.evaluations().stream()
        .filter(scored -> scored.samples() == samples)
        .map(scored -> new Series.Point((double) scored.steps(), value.applyAsDouble(scored)))
        .filter(point -> Double.isFinite(point.y()))
        .toList();
  }

  /** The whole page. {@code head} goes into its head, {@code foot} behind the sections. */
  public String html(String head, String foot) {
    String page = Resources.text("page.html");
    Map<String, String> sections = live();
    sections.putAll(fixed());
    for (Map.Entry<String, String> section : sections.entrySet()) {
      page = page.replace("{{" + section.getKey() + "}}", section.getValue());
    }
    return page.replace("{{title}}", Text.escape(title()))
        .replace("{{head}}", head)
        .replace("{{foot}}", foot);
  }
}
