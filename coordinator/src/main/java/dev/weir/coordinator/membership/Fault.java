package dev.weir.coordinator.membership;

/**
 * Why a shard contributes nothing at an attempt.
 *
 * @param kind what is wrong
 * @param shard the shard
 * @param parameter the parameter it was found in; empty for the loss
 */
public record Fault(Kind kind, int shard, String parameter) {
  /** What is wrong. */
  public enum Kind {
    /** A value does not fit the attempt's fixed-point range. */
    OVERFLOW,
    /** A loss or gradient is NaN or infinite. */
    NON_FINITE
  }

  /** Of what it is, for messages. */
  public String words() {
    return parameter.isEmpty() ? "the loss" : "the gradient of " + parameter;
  }
}
