package dev.weir.bench.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a chaos run came to, in Markdown. */
final class ChaosReport {
  /** What was run and how. */
  record Setting(
      String command,
      int workers,
      int spares,
      int shards,
      int paceMs,
      long steps,
      long seed,
      boolean standby,
      String machine) {}

  private final Setting setting;
  private final RunRecord calm;
  private final RunRecord stormy;
  private final List<Outcome> outcomes;
  private final int unexpected;

  /**
   * @param unexpected streams of workers that ended though nothing had been done to them
   */
  ChaosReport(
      Setting setting, RunRecord calm, RunRecord stormy, List<Outcome> outcomes, int unexpected) {
    this.setting = setting;
    this.calm = calm;
    this.stormy = stormy;
    this.outcomes = outcomes;
    this.unexpected = unexpected;
  }

  /** Steps per second, in relation to the undisturbed run. */
  double goodput() {
    return stormy.stepsPerSecond() / calm.stepsPerSecond();
  }

  boolean isDigestEqual() {
    return !calm.digest().isEmpty() && calm.digest().equals(stormy.digest());
  }

  int faults() {
    return outcomes.stream().mapToInt(Outcome::faults).sum();
  }

  /** What took too long; empty if nothing did. */
  List<String> late() {
    List<String> broken = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      FaultType type = outcome.type();
      if (type.noticeMs > 0 && outcome.detectedMs().size() < outcome.faults()) {
        broken.add(
            String.format(
                "%d of %d were noticed: %s",
                outcome.detectedMs().size(), outcome.faults(), type.words()));
      }
      requireBelow(type.noticeMs, outcome.detectedMs(), "noticed: " + type.words(), broken);
      if (type.ofWorker) {
        requireBelow(1_000, outcome.recoveredMs(), "next step: " + type.words(), broken);
      }
      requireBelow(2_000, outcome.backMs(), "workers back", broken);
    }
    return broken;
  }

  private static void requireBelow(
      long limitMs, List<Long> sorted, String what, List<String> broken) {
    if (limitMs > 0 && !sorted.isEmpty() && Outcome.worst(sorted) >= limitMs) {
      broken.add(what + " took " + Outcome.worst(sorted) + " ms; the limit is " + limitMs + " ms");
    }
  }

  String markdown() {
    return heading() + table() + results() + paced();
  }

  private String heading() {
    return String.format(
        Locale.ROOT,
        """
        # Chaos run

            %s

        %d worker processes and a coordinator on %s; %,d steps of %d shards; failureTimeout 2 s;
        seed %d. %d faults, %d of them of the coordinator.

        """,
        setting.command(),
        setting.workers(),
        setting.machine(),
        setting.steps(),
        setting.shards(),
        setting.seed(),
        faults(),
        outcomes.stream()
            .filter(outcome -> outcome.type() == FaultType.COORDINATOR)
            .mapToInt(Outcome::faults)
            .sum());
  }

  private String table() {
    StringBuilder table =
        new StringBuilder(
            "| fault | times | noticed after (median, worst) | next committed step after (median,"
                + " worst) |\n|---|---|---|---|\n");
    for (Outcome outcome : outcomes) {
      String noticed = outcome.type() == FaultType.COORDINATOR ? "–" : times(outcome.detectedMs());
      if (outcome.detectedMs().size() < outcome.faults()
          && outcome.type() != FaultType.COORDINATOR) {
        noticed += " (" + outcome.detectedMs().size() + " times)";
      }
      table.append(
          String.format(
              "| %s | %d | %s | %s |\n",
              outcome.type().words(), outcome.faults(), noticed, times(outcome.recoveredMs())));
    }
    for (Outcome outcome : outcomes) {
      if (outcome.type() == FaultType.COORDINATOR) {
        table.append(
            String.format(
                "\nThe coordinator listened again after %s; then workers were ready again after %s.\n",
                times(outcome.detectedMs()), times(outcome.backMs())));
      }
    }
    return table.toString();
  }

  private static String times(List<Long> sorted) {
    return sorted.isEmpty()
        ? "never"
        : String.format(
            Locale.ROOT,
            "%.2f s, %.2f s",
            Outcome.median(sorted) / 1e3,
            Outcome.worst(sorted) / 1e3);
  }

  private String results() {
    return String.format(
        Locale.ROOT,
        """

        | | undisturbed | with faults |
        |---|---|---|
        | time from the first step to the last, the next line left out | %.1f s | %.1f s |
        | the machine as a whole stood still for | %.1f s | %.1f s |
        | steps per second | %.3f | %.3f |
        | state digest | %s | %s |

        **Goodput %.2f %%. The final state is %s.**

        Streams of workers that ended though nothing had been done to them: %d.

        """,
        calm.seconds(),
        stormy.seconds(),
        calm.stillMs() / 1e3,
        stormy.stillMs() / 1e3,
        calm.stepsPerSecond(),
        stormy.stepsPerSecond(),
        shortened(calm.digest()),
        shortened(stormy.digest()),
        100 * goodput(),
        isDigestEqual() ? "bit for bit the undisturbed one" : "NOT the undisturbed one",
        unexpected);
  }

  private static String shortened(String digest) {
    return digest.substring(0, Math.min(16, digest.length())) + "…";
  }

  private String paced() {
    return String.format(
        """
        How it was done. The model is the bundled MiniLM, cut to one layer; every gradient is computed
        and exchanged. Compute is paced as on an accelerator: a shard takes at least %d ms, of which
        what is left after its forward and backward is slept (`weir worker --pace`), since this machine
        cannot keep %d workers busy and start them anew besides. A step has %d shards, as much as
        %d workers do; %d are spare, in both runs. A killed process is started again at once. All
        processes, in both runs, share an archive of loaded classes and compile lightly
        (-XX:SharedArchiveFile, -XX:TieredStopAtLevel=1, -XX:+UseSerialGC), since a JVM's start takes
        the cores from the others; and while one starts again it has only what the others leave
        of the processors (SCHED_IDLE), since on a cluster it would take nothing from other machines. %s Undisturbed run and run with faults are the same job,
        one after the other. Noticed means: the coordinator wrote it into `events.jsonl`; a pause or a
        slow connection is noticed where a shard of that worker was overdue. Hangs are noticed twice:
        their shards are given to others within a fraction of a second, the figure is when the worker is
        given up. All times are of wall clocks on one machine.
        """,
        setting.paceMs(),
        setting.workers(),
        setting.shards(),
        setting.workers() - setting.spares(),
        setting.spares(),
        setting.standby()
            ? "A second coordinator waits on the same run directory (`--standby`) and takes over when"
                + " the first is killed;\nthen another one is started to wait."
            : "The coordinator, too, is started only once it is killed.");
  }
}
