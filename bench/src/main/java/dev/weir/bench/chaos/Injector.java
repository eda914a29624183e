package dev.weir.bench.chaos;

import dev.weir.bench.chaos.Cluster.Slot;
import dev.weir.bench.chaos.Plan.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does to a cluster what a plan says, when it says so. Everything happens on one thread. */
final class Injector implements AutoCloseable {
  private static final int LOADING_MS = 10_000;

  /** A worker that is told to leave ends what it computes, and a busy machine takes its time. */
  private static final int LEAVING_MS = 10_000;

  private static final int POLL_MS = 50;
  private static final int SETTLING_MS = 2_000;

  /**
   * A fault that was made.
   *
   * @param worker its name; empty if it hit the coordinator
   * @param atMs when, in milliseconds since 1970
   * @param listeningMs when the coordinator listened again; 0 if it was not hit
   */
  record Injected(Planned planned, String worker, long atMs, long listeningMs) {}

  private final Cluster cluster;
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final List<Injected> injected = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  Injector(Cluster cluster) {
    this.cluster = cluster;
  }

  void start(Plan plan) {
    plan.faults().forEach(fault -> later(fault.atMs(), () -> inject(fault)));
  }

  private void later(long delayMs, Callable<?> action) {
    var unused =
        executor.schedule(
            () -> {
              try {
                return action.call();
              } catch (RuntimeException e) {
                problems.add(String.valueOf(e));
                throw e;
              }
            },
            delayMs,
            TimeUnit.MILLISECONDS);
  }

  private boolean inject(Planned fault) throws Exception {
    if (!cluster.isCoordinatorAlive()) {
      return false; // The run is over already.
    }
    long nowMs = System.currentTimeMillis();
    if (!fault.type().ofWorker) {
      long listeningMs = cluster.restartCoordinator();
      injected.add(new Injected(fault, "", nowMs, listeningMs));
      return true;
    }
    Slot slot = free(fault.slot(), nowMs);
    if (slot == null) {
      problems.add("all workers were held by other faults when " + fault.type().words());
      return false;
    }
    injected.add(new Injected(fault, slot.name, nowMs, 0));
    hit(slot, fault, nowMs);
    return true;
  }

  private @Nullable Slot free(int first, long nowMs) {
    List<Slot> slots = cluster.slots();
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get((first + i) % slots.size());
      if (slot.heldUntilMs < nowMs && slot.process.isAlive()) {
        return slot;
      }
    }
    return null;
  }

  private void hit(Slot slot, Planned fault, long nowMs) throws InterruptedException {
    long lastsMs = fault.lastsMs();
    slot.heldUntilMs = nowMs + lastsMs + SETTLING_MS;
    switch (fault.type()) {
      case KILL -> {
        slot.process.destroyForcibly().waitFor();
        slot.restart();
        slot.heldUntilMs = nowMs + LOADING_MS;
      }
      case HANG, PAUSE -> {
        Process process = slot.process;
        Cluster.signal(process, "STOP");
        later(lastsMs, () -> resume(process));
      }
      case CUT -> {
        slot.proxy.cut();
        later(lastsMs, () -> mend(slot));
      }
      case SLOW -> {
        slot.proxy.slow(fault.strength());
        later(lastsMs, () -> mend(slot));
      }
      case LEAVE -> {
        slot.process.toHandle().destroy();
        slot.heldUntilMs += LOADING_MS;
        later(lastsMs, () -> replace(slot, nowMs + lastsMs + LEAVING_MS));
      }
      case COORDINATOR -> throw new IllegalStateException("not a worker's");
    }
  }

  private static boolean resume(Process process) throws InterruptedException {
    Cluster.signal(process, "CONT");
    return true;
  }

  private static boolean mend(Slot slot) {
    slot.proxy.slow(0);
    slot.proxy.mend();
    return true;
  }

  /** Starts another worker once the one that was told to leave has ended. */
  private boolean replace(Slot slot, long patienceEndsMs) {
    if (slot.process.isAlive()) {
      if (System.currentTimeMillis() < patienceEndsMs) {
        later(POLL_MS, () -> replace(slot, patienceEndsMs));
        return false;
      }
      problems.add(slot.name + " did not leave when it was told to");
      slot.process.destroyForcibly();
    }
    slot.replace();
    return true;
  }

  /** Waits until the run is over, whichever of its coordinators ends it; returns the exit code. */
  int awaitEnd() throws InterruptedException {
    while (true) {
      try {
        // On the thread that restarts the coordinator, so that it is not looked at in between.
        Integer exitCode = executor.submit(cluster::exitCode).get();
        if (exitCode != null) {
          return exitCode;
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("the cluster cannot be looked at", e);
      }
      Thread.sleep(POLL_MS);
    }
  }

  /** What was done; to be asked after the end. */
  List<Injected> injected() {
    return injected;
  }

  /** What went wrong with the injecting itself. */
  List<String> problems() {
    return problems;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
