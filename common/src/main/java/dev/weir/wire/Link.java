package dev.weir.wire;

/**
 * A worker's way to the coordinator, as it has measured it.
 *
 * @param roundTripNs a small message there and the answer back, in nanoseconds; 1 to 60 s
 * @param sentPerSecond bytes that the worker can send, per second; 1 to 10¹³
 * @param receivedPerSecond bytes that it can receive
 */
public record Link(long roundTripNs, long sentPerSecond, long receivedPerSecond) {
  private static final long MAX_ROUND_TRIP_NS = 60_000_000_000L;
  private static final long MAX_PER_SECOND = 10_000_000_000_000L;

  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Link {
    if (roundTripNs < 1
        || roundTripNs > MAX_ROUND_TRIP_NS
        || !isRate(sentPerSecond)
        || !isRate(receivedPerSecond)) {
      throw new IllegalArgumentException(
          String.format(
              "a link with a round trip of %s ns, %s bytes/s there and %s back; allowed are 1 to %d"
                  + " ns and 1 to %d bytes/s",
              Long.toUnsignedString(roundTripNs),
              Long.toUnsignedString(sentPerSecond),
              Long.toUnsignedString(receivedPerSecond),
              MAX_ROUND_TRIP_NS,
              MAX_PER_SECOND));
    }
  }

  private static boolean isRate(long perSecond) {
    return perSecond >= 1 && perSecond <= MAX_PER_SECOND;
  }

  /** Of the two rates, the lower. */
  public long slowerPerSecond() {
    return Math.min(sentPerSecond, receivedPerSecond);
  }
}
