package dev.weir.bench.scale;

/**
 * How long the exchange of a step takes, by topology: N workers, k values of w bytes each, in C =
 * ⌈k / c⌉ messages of c values, v = k·w.
 *
 * <p>A machine that serves n others with vectors of v bytes has, with the hub's {@link Cost} (a, b,
 * e), n·(a + 2·C·b + 2·v·e) for its processor, p(n, v), and n·v for its link in each direction. A
 * worker has q(n, v), the same with its own, smaller cost. Links carry both directions at once, and
 * a message of sums goes out as soon as it is whole; so the way up and the way down of a vector
 * overlap but for one message, 1/C. One stream carries no more than its flow-control window, W = 16
 * MiB, in a round trip R.
 *
 * <ul>
 *   <li>Hub: R + max((1 + φ)·N·v/B, v·R/W, p(N, v)).
 *   <li>Direct: 3/2·R + max(((N−1)·s + v)/B, s·R/W, p(N−1, s) + q(M−1, v−s)), with M = min(N, C)
 *       owners and slices of s bytes, ⌈C/M⌉ messages. The coordinator, with headers of N workers
 *       and the sums, may be what limits it instead.
 *   <li>Two levels, which Weir does not have: ⌈N/G⌉ groups of G workers, each with an adder of its
 *       own that is a worker of the hub: R + R' + max((1 + 3·φ)·max(G+1, N/G)·v/B, v·R/W, the
 *       larger p), R' the round trip within a group, and one of the four ways that a vector takes
 *       overlapping with the next as at the hub.
 * </ul>
 *
 * @param hub what it costs to serve a worker
 * @param worker what it costs to be one, without its training
 * @param apart φ, 0 … 1
 * @param chunkLength c
 */
record ScaleModel(Cost hub, Cost worker, double apart, int chunkLength) {
  private static final double WINDOW_BYTES = 16 << 20;
  private static final double GROUP_ROUND_TRIP = 1e-4;

  /**
   * What is exchanged.
   *
   * @param workers N
   * @param values k
   * @param width bytes of a value on the wire, w
   */
  record Exchange(int workers, long values, int width) {
    double bytes() {
      return (double) values * width;
    }
  }

  /** The topologies that are compared. */
  enum Way {
    /** The coordinator adds. */
    HUB("hub"),
    /** Each worker adds a slice. */
    DIRECT("direct"),
    /** Groups of √N workers add among themselves first. */
    TWO_LEVEL("two-level");

    private final String title;

    Way(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** Of one topology; groups have √N workers, rounded up. */
  Demand demand(Way way, Exchange exchange, Network network) {
    return switch (way) {
      case HUB -> hub(exchange, network);
      case DIRECT -> direct(exchange, network);
      case TWO_LEVEL -> twoLevel(exchange, (int) Math.ceil(Math.sqrt(exchange.workers())), network);
    };
  }

  /** The topology that is quickest on machines of their own. */
  Way quickest(Exchange exchange, Network network) {
    Way best = Way.HUB;
    for (Way way : Way.values()) {
      if (demand(way, exchange, network).apart() < demand(best, exchange, network).apart()) {
        best = way;
      }
    }
    return best;
  }

  Demand hub(Exchange exchange, Network network) {
    int workers = exchange.workers();
    double chunks = chunks(exchange.values());
    double bytes = exchange.bytes();
    double link = network.seconds(workers * bytes) * (1 + apart);
    double busiest = serve(workers, chunks, bytes);
    return new Demand(
        network.roundTrip(),
        Math.max(link, window(bytes, network)),
        busiest,
        busiest + workers * work(1, chunks, bytes));
  }

  /** A hub whose workers all share one event loop, as synthetic ones do. */
  Demand hubOfCrowd(Exchange exchange, Network network) {
    Demand hub = hub(exchange, network);
    double crowd = hub.all() - hub.busiest();
    return new Demand(hub.waiting(), hub.link(), Math.max(hub.busiest(), crowd), hub.all());
  }

  Demand direct(Exchange exchange, Network network) {
    int workers = exchange.workers();
    if (workers == 1) {
      return hub(exchange, network);
    }
    double chunks = chunks(exchange.values());
    double owners = Math.min(workers, chunks);
    double sliceChunks = Math.ceil(chunks / owners);
    double bytes = exchange.bytes();
    double slice = Math.min(bytes, sliceChunks * chunkLength * exchange.width());
    double rank =
        serve(workers - 1, sliceChunks, slice)
            + worker.seconds(owners - 1, 2 * (chunks - sliceChunks), 2 * (bytes - slice));
    double coordinator = hub.seconds(workers, chunks, bytes);
    double link = network.seconds((workers - 1) * slice + bytes);
    return new Demand(
        1.5 * network.roundTrip(),
        Math.max(link, window(slice, network)),
        Math.max(rank, coordinator),
        workers * rank + coordinator);
  }

  /**
   * Groups with an adder each, on a machine of its own.
   *
   * @param group workers of a group, G
   */
  Demand twoLevel(Exchange exchange, int group, Network network) {
    double chunks = chunks(exchange.values());
    double bytes = exchange.bytes();
    double groups = Math.ceil((double) exchange.workers() / group);
    double link = network.seconds(Math.max(group + 1, groups) * bytes) * (1 + 3 * apart);
    double adder = serve(group, chunks, bytes) + work(1, chunks, bytes);
    double top = serve(groups, chunks, bytes);
    return new Demand(
        network.roundTrip() + Math.min(network.roundTrip(), GROUP_ROUND_TRIP),
        Math.max(link, window(bytes, network)),
        Math.max(adder, top),
        groups * adder + top + exchange.workers() * work(1, chunks, bytes));
  }

  private double chunks(long values) {
    return Math.ceil((double) values / chunkLength);
  }

  private static double window(double bytes, Network network) {
    return bytes * network.roundTrip() / WINDOW_BYTES;
  }

  private double serve(double peers, double chunks, double bytes) {
    return hub.seconds(peers, 2 * peers * chunks, 2 * peers * bytes);
  }

  private double work(double peers, double chunks, double bytes) {
    return worker.seconds(peers, 2 * peers * chunks, 2 * peers * bytes);
  }
}
