package dev.weir.coordinator.view;

import dev.weir.coordinator.progress.StepTimes;
import dev.weir.coordinator.view.Snapshot.Worker;
import java.util.List;
import java.util.Locale;

/** The workers: what each is, what it has and where its time goes. */
final class WorkersSection {
  private static final String[] PHASES = {"compute", "gather", "all-reduce", "update", "waiting"};

  private final List<Worker> workers;

  WorkersSection(List<Worker> workers) {
    this.workers = workers;
  }

  String html() {
    if (workers.isEmpty()) {
      return "<p class=\"quiet\">No worker has joined yet.</p>";
    }
    StringBuilder html = new StringBuilder("<ul class=\"workers\">");
    workers.forEach(worker -> html.append(worker(worker)));
    return html.append("</ul>").append(legend()).toString();
  }

  private static String worker(Worker worker) {
    String state =
        worker.straggling() ? "straggling" : worker.state().name().toLowerCase(Locale.ROOT);
    double[] seconds = seconds(worker.times());
    double busy = 0;
    for (double each : seconds) {
      busy += each;
    }
    String computing =
        worker.contributions() == 0
            ? "nothing computed yet"
            : Text.format("%.0f ms per step", 1e3 * busy / worker.contributions());
    return Text.format(
        "<li class=\"%s\"><div class=\"who\"><b>%s</b><span class=\"pill %s\">%s</span></div>"
            + "<div class=\"what\"><span>%s</span><span>%s</span></div>%s</li>",
        state,
        Text.escape(worker.name()),
        state,
        state,
        worker.shards().isEmpty() || worker.state() == Worker.State.GONE
            ? "no shards"
            : "shards " + worker.shards(),
        computing,
        split(seconds, busy));
  }

  private static double[] seconds(StepTimes times) {
    return new double[] {
      times.computeNs() / 1e9,
      times.gatherNs() / 1e9,
      times.allReduceNs() / 1e9,
      times.updateNs() / 1e9,
      times.waitingNs() / 1e9
    };
  }

  private static String split(double[] seconds, double total) {
    StringBuilder label = new StringBuilder();
    StringBuilder bars = new StringBuilder();
    double at = 0;
    for (int i = 0; i < seconds.length && total > 0; i++) {
      double share = 100 * seconds[i] / total;
      label.append(Text.format("%s%s %.1f %%", i == 0 ? "" : ", ", PHASES[i], share));
      bars.append(
          Text.format(
              "<rect class=\"p%d\" x=\"%.2f\" width=\"%.2f\" height=\"10\"/>", i, at, share));
      at += share;
    }
    return Text.format(
        "<svg class=\"split\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\""
            + " aria-label=\"%s\"><title>%s</title><rect class=\"ground\" width=\"100\""
            + " height=\"10\"/>%s</svg>",
        label, label, bars);
  }

  private static String legend() {
    StringBuilder html = new StringBuilder("<p class=\"legend\">");
    for (int i = 0; i < PHASES.length; i++) {
      html.append(
          Text.format(
              "<span><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"p%d\""
                  + " width=\"10\" height=\"10\" rx=\"2\"/></svg>%s</span>",
              i, PHASES[i]));
    }
    return html.append("</p>").toString();
  }
}
