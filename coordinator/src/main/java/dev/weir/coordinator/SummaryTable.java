package dev.weir.coordinator;

import dev.weir.coordinator.Summary.Score;
import java.util.Locale;

/** The end of a run as a person reads it. */
final class SummaryTable {
  /** What is less is in {@code summary.json}, and not worth a person's attention. */
  private static final double MIN_LATE_SECONDS = 0.5;

  private final Summary summary;
  private final RunDirectory directory;
  private final Console console;

  SummaryTable(Summary summary, RunDirectory directory, Console console) {
    this.summary = summary;
    this.directory = directory;
    this.console = console;
  }

  void print(Ending ending) {
    console.printAlways("");
    if (ending.kind() == Ending.Kind.FAILED) {
      console.printAlways("failed   %s", ending.reason());
    }
    Score before = summary.eval().before();
    Score after = summary.eval().after();
    if (before != null && after != null) {
      console.printAlways("          before   after");
      score("accuracy", before.accuracy(), after.accuracy());
      score("Matthews", before.mcc(), after.mcc());
      console.printAlways("");
    }
    time();
    late();
    wire();
    console.printAlways("state    %s", summary.stateDigest());
    console.printAlways("delta    %s", directory.delta());
    console.printAlways("summary  %s", directory.summary());
    console.printAlways("report   %s", directory.path().resolve("report.html"));
    if (ending.kind() == Ending.Kind.FINISHED) {
      console.printAlways("again    ./weir eval %s", directory.path());
    } else {
      console.printAlways(
          "stopped after step %d; go on with: ./weir train --resume %s",
          summary.steps(), directory.path());
    }
  }

  private void score(String name, double before, double after) {
    console.printAlways("%-8s  %6.3f  %6.3f", name, before, after);
  }

  private void time() {
    Summary.Seconds seconds = summary.seconds();
    double total =
        seconds.compute()
            + seconds.gather()
            + seconds.allReduce()
            + seconds.update()
            + seconds.waiting();
    console.printAlways(
        "time     %.0f s for %d steps: compute %s, gather %s, all-reduce %s, update %s, waiting %s",
        seconds.train(),
        summary.steps(),
        share(seconds.compute(), total),
        share(seconds.gather(), total),
        share(seconds.allReduce(), total),
        share(seconds.update(), total),
        share(seconds.waiting(), total));
  }

  private void late() {
    for (Summary.Late late : summary.late()) {
      if (late.seconds() >= MIN_LATE_SECONDS) {
        console.printAlways(
            "late     %s in %d steps, which cost %.1f s",
            late.worker(), late.times(), late.seconds());
      }
    }
  }

  private static String share(double part, double total) {
    return String.format(Locale.ROOT, "%.1f %%", total == 0 ? 0 : 100 * part / total);
  }

  private void wire() {
    Summary.Wire wire = summary.wire();
    console.printAlways(
        "wire     %s up and %s down per step and worker; dense needs %s each way",
        RunReport.size(Math.round(wire.stepReceivedBytesPerStepPerWorker())),
        RunReport.size(Math.round(wire.stepSentBytesPerStepPerWorker())),
        RunReport.size(wire.denseBytesPerStepPerWorker()));
  }
}
