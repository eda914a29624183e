package dev.weir.coordinator.progress;

import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several listeners, in their order. One that fails is none of the run's business: that is
 * logged, and the others are told all the same.
 */
public final class RunListeners implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(RunListeners.class);

  private final List<RunListener> listeners;

  public RunListeners(List<? extends RunListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  private void tell(Consumer<RunListener> message) {
    for (RunListener listener : listeners) {
      try {
        message.accept(listener);
      } catch (RuntimeException e) {
        log.error("{} could not follow the run", listener.getClass().getSimpleName(), e);
      }
    }
  }

  @Override
  public void begin(RunFacts facts) {
    tell(listener -> listener.begin(facts));
  }

  @Override
  public void evaluated(Scored scored) {
    tell(listener -> listener.evaluated(scored));
  }

  @Override
  public void joined(int worker, String name) {
    tell(listener -> listener.joined(worker, name));
  }

  @Override
  public void ready(int worker) {
    tell(listener -> listener.ready(worker));
  }

  @Override
  public void assigned(int worker, long step, BitSet shards) {
    tell(listener -> listener.assigned(worker, step, shards));
  }

  @Override
  public void computed(int worker, long step, BitSet shards, StepTimes times) {
    tell(listener -> listener.computed(worker, step, shards, times));
  }

  @Override
  public void late(String worker, long step, double seconds) {
    tell(listener -> listener.late(worker, step, seconds));
  }

  @Override
  public void gone(int worker, String reason) {
    tell(listener -> listener.gone(worker, reason));
  }

  @Override
  public void chose(boolean direct, String reason) {
    tell(listener -> listener.chose(direct, reason));
  }

  @Override
  public void fault(FaultKind kind, String message) {
    tell(listener -> listener.fault(kind, message));
  }

  @Override
  public void step(StepRecord step) {
    tell(listener -> listener.step(step));
  }

  @Override
  public void notice(String message) {
    tell(listener -> listener.notice(message));
  }

  @Override
  public void end(String reason) {
    tell(listener -> listener.end(reason));
  }
}
