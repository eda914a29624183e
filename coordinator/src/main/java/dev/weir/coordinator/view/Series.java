package dev.weir.coordinator.view;

import java.util.ArrayList;
import java.util.List;

/**
 * A curve that grows without bound in a bounded number of points: once there are too many,
 * neighbours are averaged in pairs, and from then on so many values go into each point.
 */
final class Series {
  private static final int MAX_POINTS = 600;

  private final List<Point> points = new ArrayList<>();
  private int stride = 1;
  private double sumX;
  private double sumY;
  private int pending;

  /** A mean of neighbouring values. */
  record Point(double x, double y) {}

  void add(long x, double y) {
    sumX += x;
    sumY += y;
    pending++;
    if (pending == stride) {
      points.add(new Point(sumX / pending, sumY / pending));
      sumX = 0;
      sumY = 0;
      pending = 0;
    }
    if (points.size() == MAX_POINTS) {
      halve();
    }
  }

  private void halve() {
    for (int i = 0; i < MAX_POINTS / 2; i++) {
      Point a = points.get(2 * i);
      Point b = points.get(2 * i + 1);
      points.set(i, new Point((a.x + b.x) / 2, (a.y + b.y) / 2));
    }
    points.subList(MAX_POINTS / 2, MAX_POINTS).clear();
    stride *= 2;
  }

  List<Point> points() {
    return List.copyOf(points);
  }
}
