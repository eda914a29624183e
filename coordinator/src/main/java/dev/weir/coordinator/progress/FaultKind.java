package dev.weir.coordinator.progress;

/** What can go wrong in a run without ending it. */
public enum FaultKind {
  /** A worker's stream broke. */
  LOST,
  /** A worker was silent for too long. */
  SILENT,
  /** A worker's state was not the coordinator's. */
  DIVERGED,
  /** A gradient did not fit into the fixed-point range: the step is attempted again. */
  OVERFLOW,
  /** A loss or gradient was NaN or infinite: the step is skipped. */
  NON_FINITE,
  /** The journal could not be written, as on a full disk: training waits. */
  DISK
}
