package dev.weir.bench.scale;

import dev.weir.bench.machine.Link;
import dev.weir.problem.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A model made of some of the measured points, to be checked on the others.
 *
 * @param model the model
 * @param used the points that it was made of
 */
record Fitted(ScaleModel model, List<Point> used) {
  private static final int FEW = 16;
  private static final double NOTHING_OVERLAPS = 1;

  /**
   * Makes it of synthetic workers' points: the costs of those over loopback, of every second number
   * of workers, the smallest first, and of other chunk lengths, without which a message could not
   * be told from a worker; what of the ways does not overlap of those of 16 workers over links
   * without a delay.
   *
   * @param chunkLength of the model
   * @throws UserException if there are none
   */
  static Fitted of(List<Point> points, int chunkLength) {
    List<Point> crowds = points.stream().filter(Fitted::isCrowd).toList();
    List<Integer> counts =
        crowds.stream().map(point -> point.shape().workers()).distinct().sorted().toList();
    List<Point> used =
        crowds.stream()
            .filter(
                point ->
                    counts.indexOf(point.shape().workers()) % 2 == 0
                        || point.shape().chunkLength() != chunkLength)
            .toList();
    if (used.isEmpty()) {
      throw new UserException(
          "weir bench scale",
          "no hub with synthetic workers over loopback has been measured",
          "Measure some with --parts CROWD, with the same --out.");
    }
    List<Point> overLinks = points.stream().filter(Fitted::isLinkBound).toList();
    double share = overLinks.stream().mapToDouble(Fitted::apart).average().orElse(NOTHING_OVERLAPS);
    List<Point> all = new ArrayList<>(used);
    all.addAll(overLinks);
    return new Fitted(
        new ScaleModel(
            fit(used, Point::hub),
            fit(used, Point::others),
            Math.max(0, Math.min(NOTHING_OVERLAPS, share)),
            chunkLength),
        all);
  }

  /** Of those, how much longer a step took than all vectors' way in one direction. */
  private static double apart(Point point) {
    return point.times().median()
            / point.shape().network().seconds(point.shape().contributedBytes())
        - 1;
  }

  private static boolean isLinkBound(Point point) {
    return point.shape().kind() == Point.Kind.CROWD
        && point.shape().workers() == FEW
        && Link.parse(point.shape().link()).isShaped()
        && !Link.parse(point.shape().link()).isDelayed();
  }

  private static Cost fit(List<Point> points, ToDoubleFunction<Point> seconds) {
    return CostFit.of(
        points.stream().map(point -> point.sample(seconds.applyAsDouble(point))).toList());
  }

  private static boolean isCrowd(Point point) {
    return point.shape().kind() == Point.Kind.CROWD
        && point.shape().link().equals(Point.Shape.LOOPBACK)
        && point.hub() > 0;
  }

  /** What the model says that a point's step should need. */
  Demand demand(Point point) {
    Point.Shape shape = point.shape();
    ScaleModel own =
        new ScaleModel(model.hub(), model.worker(), model.apart(), shape.chunkLength());
    return shape.kind() == Point.Kind.CROWD
        ? own.hubOfCrowd(shape.exchange(), shape.network())
        : own.demand(shape.way(), shape.exchange(), shape.network());
  }

  /** Processor seconds of the hub alone that it should need. */
  double hub(Point point) {
    CostFit.Sample sample = point.sample(1);
    return model.hub().seconds(sample.peers(), sample.messages(), sample.bytes());
  }
}
