package dev.weir.coordinator.progress;

import dev.weir.evaluation.Evaluation;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** Tells several listeners, in their order. */
public final class RunListeners implements RunListener {
  private final List<RunListener> listeners;

  public RunListeners(List<? extends RunListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  private void tell(Consumer<RunListener> message) {
    listeners.forEach(message);
  }

  @Override
  public void begin(RunFacts facts) {
    tell(listener -> listener.begin(facts));
  }

  @Override
  public void evaluated(long steps, Evaluation evaluation) {
    tell(listener -> listener.evaluated(steps, evaluation));
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
  public void gone(int worker, String reason) {
    tell(listener -> listener.gone(worker, reason));
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
