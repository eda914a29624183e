package dev.weir.job;

/** How the learning rate falls after its warm-up. */
public enum ScheduleShape {
  /** In a straight line, to zero at the last step. */
  LINEAR,
  /** Along half a cosine, to zero at the last step. */
  COSINE,
  /** Not at all. */
  CONSTANT
}
