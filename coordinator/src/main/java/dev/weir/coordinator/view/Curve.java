package dev.weir.coordinator.view;

import java.util.ArrayList;
import java.util.List;

/**
 * One curve of a chart.
 *
 * @param name what a reader calls it
 * @param points from left to right
 * @param smooth whether to draw a running mean, with the points themselves faintly behind it; else
 *     each point is marked
 */
record Curve(String name, List<Series.Point> points, boolean smooth) {
  private static final double SMOOTHING = 0.12;
  private static final int SMOOTH_FROM = 9;

  /** Whether the running mean is another curve than the points. */
  boolean isSmoothed() {
    return smooth && points.size() >= SMOOTH_FROM;
  }

  boolean isEmpty() {
    return points.isEmpty();
  }

  /** The points as they are drawn. */
  List<Series.Point> drawn() {
    if (!isSmoothed()) {
      return points;
    }
    List<Series.Point> smoothed = new ArrayList<>();
    double mean = 0;
    for (Series.Point point : points) {
      // At first the plain mean, so that the first value does not weigh more than the others.
      double weight = Math.max(SMOOTHING, 1.0 / (smoothed.size() + 1));
      mean += weight * (point.y() - mean);
      smoothed.add(new Series.Point(point.x(), mean));
    }
    return smoothed;
  }

  /** What a screen reader says. */
  String describe() {
    return points.isEmpty()
        ? name + ": nothing yet"
        : Text.format(
            "%s: from %s to %s over %d steps",
            name,
            Text.number(points.get(0).y()),
            Text.number(points.get(points.size() - 1).y()),
            Math.round(points.get(points.size() - 1).x()));
  }
}
