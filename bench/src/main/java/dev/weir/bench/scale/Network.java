package dev.weir.bench.scale;

/**
 * What joins the machines: each has one link of its own, as fast in both directions at once.
 *
 * @param bitsPerSecond of each link
 * @param roundTrip seconds from any machine to any other and back
 */
record Network(double bitsPerSecond, double roundTrip) {
  /** Messages within one machine: nothing but its processors limits them. */
  static final Network LOOPBACK = new Network(Double.POSITIVE_INFINITY, 0);

  /** What is left of a link's bits to the values: iperf3 got 957 of 1,000 Mbit/s through. */
  private static final double GOODPUT = 0.957;

  /** Seconds that bytes of values take through a link. */
  double seconds(double bytes) {
    return 8 * bytes / (GOODPUT * bitsPerSecond);
  }
}
