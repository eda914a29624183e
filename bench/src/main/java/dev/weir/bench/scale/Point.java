package dev.weir.bench.scale;

import dev.weir.bench.allreduce.Times;
import dev.weir.bench.machine.Link;
import dev.weir.sum.SumFormat;

/**
 * What the steps of one shape were found to take.
 *
 * @param shape what was exchanged
 * @param steps how many were watched
 * @param times of these steps
 * @param hubUser processor seconds per step of the hub's event loop in its own code; 0 among ranks
 * @param hubSystem processor seconds per step of that loop in the kernel; 0 among ranks
 * @param others processor seconds per step of the event loop of all workers; among ranks, of all
 *     processes with all their threads
 * @param bytes per step that passed all the workers' sockets, both ways; 0 among ranks
 * @param peakBytes the most memory that the hub's process has had; 0 among ranks
 * @param heapBytes what its heap holds after a collection; 0 among ranks
 */
record Point(
    Shape shape,
    int steps,
    Times times,
    double hubUser,
    double hubSystem,
    double others,
    double bytes,
    long peakBytes,
    long heapBytes) {

  /** Who takes part. */
  enum Kind {
    /** A hub's process, and one process for all workers. */
    CROWD,
    /** A process for each worker, and one for the coordinator. */
    RANKS
  }

  /**
   * What is exchanged in a step, and by whom.
   *
   * @param way hub or direct
   * @param link between the processes, as {@link Link#parse} reads it; unshaped: loopback
   * @param workers N
   * @param values k
   * @param chunkLength values per message
   * @param format how values travel
   */
  record Shape(
      Kind kind,
      ScaleModel.Way way,
      String link,
      int workers,
      int values,
      int chunkLength,
      SumFormat format) {
    static final String LOOPBACK = "unshaped";

    ScaleModel.Exchange exchange() {
      return new ScaleModel.Exchange(workers, values, format.bytes());
    }

    /** Bytes that all workers together contribute, without headers. */
    double contributedBytes() {
      return workers * exchange().bytes();
    }

    Network network() {
      Link parsed = Link.parse(link);
      return parsed.isShaped()
          ? new Network(1e6 * parsed.megabits(), parsed.roundTripMs() / 1e3)
          : Network.LOOPBACK;
    }

    /** For messages. */
    String describe() {
      return String.format(
          "%s of %,d %s, k = %,d, %s, chunks of %,d, %s",
          way.title(),
          workers,
          kind == Kind.CROWD ? "synthetic workers" : "ranks",
          values,
          format.name().toLowerCase(java.util.Locale.ROOT),
          chunkLength,
          link.equals(LOOPBACK) ? "loopback" : link);
    }
  }

  /** Processor seconds per step of the hub. */
  double hub() {
    return hubUser + hubSystem;
  }

  /** Values that were added per second. */
  double valuesPerSecond() {
    return (double) shape.workers() * shape.values() / times.median();
  }

  /** What the hub's processor did in a step, or the workers' in the mean, as a fit takes it. */
  CostFit.Sample sample(double seconds) {
    double chunks = Math.ceil((double) shape.values() / shape.chunkLength());
    return new CostFit.Sample(
        shape.workers(), 2 * shape.workers() * chunks, 2 * shape.contributedBytes(), seconds);
  }
}
