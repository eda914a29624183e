package dev.weir.bench.chaos;

import dev.weir.bench.chaos.Injector.Injected;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What one kind of fault came to.
 *
 * @param detectedMs until the coordinator said that it had noticed; fewer than {@code faults} where
 *     there was nothing to notice
 * @param recoveredMs until the next step was committed
 * @param backMs until workers were ready again after the coordinator listened again
 */
record Outcome(
    FaultType type, int faults, List<Long> detectedMs, List<Long> recoveredMs, List<Long> backMs) {
  private static final List<String> GONE = List.of("gone");
  private static final List<String> NOTICED = List.of("gone", "late");

  /** How long after the end of a pause it may still be noticed. */
  private static final long AFTERMATH_MS = 2_000;

  static Outcome of(FaultType type, List<Injected> injected, RunRecord record) {
    List<Long> detected = new ArrayList<>();
    List<Long> recovered = new ArrayList<>();
    List<Long> back = new ArrayList<>();
    int faults = 0;
    for (Injected fault : injected) {
      if (fault.planned().type() != type) {
        continue;
      }
      faults++;
      record.nextCommitAfter(fault.atMs()).ifPresent(recovered::add);
      if (type == FaultType.COORDINATOR) {
        detected.add(fault.listeningMs() - fault.atMs());
        back.addAll(returns(fault, record));
      } else {
        detection(fault, record).ifPresent(detected::add);
      }
    }
    return new Outcome(type, faults, sorted(detected), sorted(recovered), sorted(back));
  }

  private static List<Long> sorted(List<Long> values) {
    return values.stream().sorted().toList();
  }

  private static OptionalLong detection(Injected fault, RunRecord record) {
    boolean mayPass =
        fault.planned().type() == FaultType.PAUSE || fault.planned().type() == FaultType.SLOW;
    OptionalLong noticed =
        record.nextEventAfter(fault.atMs(), fault.worker(), mayPass ? NOTICED : GONE);
    long limitMs = fault.planned().lastsMs() + AFTERMATH_MS;
    return noticed.stream().filter(ms -> !mayPass || ms <= limitMs).findFirst();
  }

  /** Of those that were there at the kill and came back before the next one. */
  private static List<Long> returns(Injected kill, RunRecord record) {
    List<Long> back = new ArrayList<>();
    for (String worker : readyAt(kill.atMs(), record)) {
      record.nextEventAfter(kill.listeningMs() - 1, worker, List.of("ready")).ifPresent(back::add);
    }
    return back;
  }

  private static List<String> readyAt(long atMs, RunRecord record) {
    List<String> ready = new ArrayList<>();
    for (RunRecord.Happening event : record.events()) {
      if (event.atMs() >= atMs) {
        break;
      }
      switch (event.event()) {
        case "resumed" -> ready.clear();
        case "ready" -> ready.add(event.worker());
        case "gone" -> ready.remove(event.worker());
        default -> {}
      }
    }
    return ready;
  }

  /** The middle of sorted values. */
  static long median(List<Long> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  static long worst(List<Long> sorted) {
    return sorted.get(sorted.size() - 1);
  }
}
