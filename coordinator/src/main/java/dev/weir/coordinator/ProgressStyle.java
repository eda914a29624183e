package dev.weir.coordinator;

/** How the progress of a run is shown. */
enum ProgressStyle {
  /** A line that is drawn again and again. */
  BAR,
  /** A line every few seconds. */
  LINES,
  /** Only the end. */
  NONE
}
