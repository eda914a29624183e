package dev.weir.bench.scale;

import dev.weir.coordinator.membership.CostModel;
import dev.weir.wire.Link;
import java.util.Collections;
import java.util.List;

/**
 * What {@code communication.topology: auto} would expect of a measured point. Its model adds the
 * time of links and of processors, takes every process to have a machine, and has constants of its
 * own.
 */
final class AutoModel {
  private static final double FASTEST = 1e13;

  private AutoModel() {}

  /** How long a point's step would take, in seconds. */
  static double seconds(Point point) {
    Point.Shape shape = point.shape();
    CostModel costs = new CostModel(shape.values(), shape.chunkLength(), shape.format().bytes());
    Network network = shape.network();
    long rate = (long) Math.min(FASTEST, 1 / network.seconds(1));
    Link way = new Link(Math.max(1, (long) (1e9 * network.roundTrip())), rate, rate);
    List<Link> ways = Collections.nCopies(shape.workers(), way);
    boolean direct = shape.way() == ScaleModel.Way.DIRECT;
    return (direct ? costs.directNs(ways) : costs.hubNs(ways)) / 1e9;
  }
}
