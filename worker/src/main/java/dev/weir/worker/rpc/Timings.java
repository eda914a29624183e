package dev.weir.worker.rpc;

/**
 * Where the time of a step went, in nanoseconds.
 *
 * @param allReduceNs from the first value sent until the last sum received, of the step before
 * @param updateNs optimizer and scatter, of the step before
 */
public record Timings(long allReduceNs, long updateNs) {
  /** Before the first step. */
  public static final Timings NONE = new Timings(0, 0);
}
