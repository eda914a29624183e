package dev.weir.coordinator.membership;

import dev.weir.reduction.Slice;
import dev.weir.wire.Link;
import java.util.List;

/**
 * How long it takes to add a vector over N workers, once the last of them has its values: through
 * the coordinator, and among themselves. This is what {@code communication.topology: auto} chooses
 * by.
 *
 * <p>Bytes: P = k·w of the whole vector in m chunks of c, and L<sub>i</sub> of worker i's slice in
 * n<sub>i</sub> chunks. Nanoseconds: r<sub>i</sub> the round trip of worker i. Rates, in bytes per
 * nanosecond: u<sub>i</sub> from worker i to the coordinator, d<sub>i</sub> back. Every link is
 * full-duplex. The coordinator's own link is not known; it carries at least what the fastest worker
 * saw: U = max u<sub>i</sub>, D = max d<sub>i</sub>.
 *
 * <p><b>Through the coordinator</b>, N·P come in and N·P go out. A chunk goes out when it has come
 * in N times, so that both overlap, except for the last chunk:
 *
 * <pre>
 *   in  = max(N·P/U, max P/u_i)
 *   out = max(N·P/D, max P/d_i)
 *   hub = max r_i + max(out, in + N·c/D, work(2N·m + 2N messages, 2N·P bytes))
 * </pre>
 *
 * <p><b>Direct</b>, a worker is to its slice what the coordinator is to the vector, and sends the
 * sums to the coordinator too. The work is that of the busiest worker, and the coordinator's beside
 * it. Wires and machines work at the same time, on different chunks, so the slowest of them counts:
 *
 * <pre>
 *   in_i   = (N−1)·L_i/d_i                        the others' values of its slice
 *   out_i  = (P − L_i + N·L_i)/u_i                its values of other slices, and its sums N times
 *   back_i = ((N−1)·L_i + P − L_i)/d_i            all that it receives
 *   direct = max r_i
 *            + max(out_i, back_i, in_i + N·c_i/u_i, P/U,
 *                  work(2(m−n_i) + (2N−1)·n_i + 2(N−1) messages, 2(P−L_i) + (2N−1)·L_i bytes),
 *                  work(m + 2N messages, P bytes))
 * </pre>
 *
 * <p>A rate of {@value #FASTEST} and more is taken for none: what was measured then is how fast the
 * machines at both ends work, which is reckoned already, and differs by chance.
 *
 * <p>Equal slices make out_i (2N−1)/N·P/u_i, where the coordinator sends N·P.
 *
 * <p>Neglected: that workers' links to each other may be better or worse than those to the
 * coordinator; TCP's slow start; framing, which is below a percent; that processes on one machine
 * share its processors; what certificates cost.
 *
 * @param values length of the vector, k
 * @param chunkLength values per chunk; only the last may be shorter
 * @param valueBytes bytes of a value on the wire, w
 */
public record CostModel(int values, int chunkLength, int valueBytes) {
  /** Receiving or sending a message, whatever its size, in nanoseconds. */
  static final double MESSAGE_NS = 4_000;

  /** Receiving, adding or sending a byte, in nanoseconds. */
  static final double BYTE_NS = 0.5;

  /** Bytes per second that a probe does not tell from what the machines themselves can do. */
  static final long FASTEST = 500_000_000;

  /** What direct may take of the hub's time at most to be worth its longer way. */
  static final double WORTHWHILE = 0.9;

  private static final double NS = 1e9;

  /** Whether it is worth while to exchange directly. */
  boolean isDirectBetter(List<Link> links) {
    return directNs(links) <= WORTHWHILE * hubNs(links);
  }

  /** Bytes of the vector, P. */
  double bytes() {
    return bytes(values);
  }

  /**
   * Through the coordinator.
   *
   * @param links of the workers, at least one
   * @return nanoseconds
   */
  public double hubNs(List<Link> links) {
    int n = links.size();
    double all = n * bytes();
    long up = links.stream().mapToLong(Link::sentPerSecond).max().orElseThrow();
    long down = links.stream().mapToLong(Link::receivedPerSecond).max().orElseThrow();
    double in = seconds(all, up);
    double out = seconds(all, down);
    for (Link link : links) {
      in = Math.max(in, seconds(bytes(), link.sentPerSecond()));
      out = Math.max(out, seconds(bytes(), link.receivedPerSecond()));
    }
    double wire = Math.max(out, in + seconds(n * chunk(values), down));
    double work = workNs(2.0 * n * chunks(values) + 2 * n, 2 * all);
    return roundTripNs(links) + Math.max(NS * wire, work);
  }

  /**
   * Among the workers.
   *
   * @param links of the workers, at least one, in the order in which they own chunks
   * @return nanoseconds
   */
  public double directNs(List<Link> links) {
    int n = links.size();
    long up = links.stream().mapToLong(Link::sentPerSecond).max().orElseThrow();
    double wire = seconds(bytes(), up);
    double work = workNs(chunks(values) + 2 * n, bytes()); // The coordinator's.
    for (int i = 0; i < n; i++) {
      int length = Slice.length(values, chunkLength, i, n);
      wire = Math.max(wire, ownerSeconds(links.get(i), length, n));
      work = Math.max(work, ownerWorkNs(length, n));
    }
    return roundTripNs(links) + Math.max(NS * wire, work);
  }

  private double ownerSeconds(Link link, int length, int n) {
    double own = bytes(length);
    double others = bytes() - own;
    double in = seconds((n - 1) * own, link.receivedPerSecond());
    double out = seconds(others + n * own, link.sentPerSecond());
    double back = seconds((n - 1) * own + others, link.receivedPerSecond());
    return Math.max(Math.max(out, back), in + seconds(n * chunk(length), link.sentPerSecond()));
  }

  private double ownerWorkNs(int length, int n) {
    double own = chunks(length);
    double others = chunks(values) - own;
    return workNs(
        2 * others + (2 * n - 1) * own + 2 * (n - 1),
        2 * (bytes() - bytes(length)) + (2 * n - 1) * bytes(length));
  }

  private static double seconds(double bytes, long perSecond) {
    return perSecond < FASTEST ? bytes / perSecond : 0;
  }

  private static double workNs(double messages, double bytes) {
    return messages * MESSAGE_NS + bytes * BYTE_NS;
  }

  private static double roundTripNs(List<Link> links) {
    return links.stream().mapToDouble(Link::roundTripNs).max().orElseThrow();
  }

  private double bytes(int length) {
    return (double) length * valueBytes;
  }

  private double chunk(int length) {
    return bytes(Math.min(chunkLength, length));
  }

  private double chunks(int length) {
    return Math.ceil((double) length / chunkLength);
  }
}
