package dev.weir.coordinator;

/** Is told how a run proceeds, on the event loop: must not block. */
public interface RunListener {

  /** A step ended. */
  void step(StepRecord step);

  /** Something that a person should know. */
  void notice(String message);
}
