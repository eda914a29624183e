package dev.weir.coordinator.membership;

import dev.weir.wire.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Who adds by {@code communication.topology: auto}, for some workers.
 *
 * @param cause the kind of reason
 * @param reason in words, which begin with who adds
 */
record Choice(Cause cause, String reason) {
  /** Why one or the other. */
  enum Cause {
    /** The cost model expects direct to be worth while: the only one that means direct. */
    FASTER,
    /** The cost model does not. */
    NOT_FASTER,
    /** A worker's link is not known. */
    UNKNOWN,
    /** A worker cannot be an owner. */
    UNREACHABLE
  }

  private static final String HUB = "through the coordinator, ";

  /** Whether the workers shall add. */
  boolean isDirect() {
    return cause == Cause.FASTER;
  }

  /**
   * Chooses.
   *
   * @param owners at least two, in the order in which they would own chunks
   */
  static Choice of(CostModel costs, List<Member> owners) {
    List<Link> links = new ArrayList<>();
    for (Member owner : owners) {
      Link link = owner.link;
      if (!owner.reachable) {
        return new Choice(
            Cause.UNREACHABLE, HUB + "since other workers do not reach " + owner.name);
      }
      if (link == null) {
        return new Choice(
            Cause.UNKNOWN, HUB + "since " + owner.name + " could not measure its way to it");
      }
      links.add(link);
    }
    return by(costs, links);
  }

  private static Choice by(CostModel costs, List<Link> links) {
    double hubMs = costs.hubNs(links) / 1e6;
    double directMs = costs.directNs(links) / 1e6;
    boolean direct = costs.isDirectBetter(links);
    String times =
        direct
            ? "direct, %s ms per exchange instead of %s ms through the coordinator"
            : HUB + "%s ms per exchange, direct would take %s ms";
    return new Choice(
        direct ? Cause.FASTER : Cause.NOT_FASTER,
        String.format(
            times + " (%d workers, %s, slowest way %s Mbit/s, longest round trip %s ms)",
            figure(direct ? directMs : hubMs),
            figure(direct ? hubMs : directMs),
            links.size(),
            size(costs.bytes()),
            figure(links.stream().mapToLong(Link::slowerPerSecond).min().orElseThrow() * 8e-6),
            figure(links.stream().mapToLong(Link::roundTripNs).max().orElseThrow() * 1e-6)));
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2g" : "%,.0f", value);
  }

  private static String size(double bytes) {
    return bytes < 1e6 ? figure(bytes / 1e3) + " kB" : figure(bytes / 1e6) + " MB";
  }
}
