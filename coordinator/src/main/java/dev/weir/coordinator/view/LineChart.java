package dev.weir.coordinator.view;

import java.util.ArrayList;
import java.util.List;

/** Draws a curve as SVG. Colours come from classes, so that the page decides them. */
final class LineChart {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 210;
  private static final int LEFT = 44;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 24;
  private static final int TICKS = 4;
  private static final double SMOOTHING = 0.12;

  private final String title;
  private final List<Series.Point> points;
  private final boolean smooth;
  private final double xMax;
  private final Scale y;

  /**
   * @param title what a screen reader says of it
   * @param xMax right end, or 0 for the last point
   * @param fromZero whether the value axis begins at 0
   * @param smooth whether to draw a running mean, with the points themselves behind it
   */
  LineChart(String title, List<Series.Point> points, long xMax, boolean fromZero, boolean smooth) {
    this.title = title;
    this.points = points;
    this.smooth = smooth;
    double last = points.isEmpty() ? 1 : points.get(points.size() - 1).x();
    this.xMax = Math.max(last, (double) Math.max(1, xMax));
    double low = points.stream().mapToDouble(Series.Point::y).min().orElse(0);
    double high = points.stream().mapToDouble(Series.Point::y).max().orElse(1);
    this.y = Scale.over(fromZero ? 0 : low, high, TICKS);
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        Text.format(
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, HEIGHT, Text.escape(describe())));
    grid(svg);
    if (points.size() > 1) {
      curve(svg);
    } else if (points.isEmpty()) {
      svg.append(
          Text.format(
              "<text class=\"empty\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">nothing yet</text>",
              (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2));
    }
    points.stream().skip(Math.max(0, points.size() - 1)).forEach(end -> dot(svg, end));
    return svg.append("</svg>").toString();
  }

  private String describe() {
    if (points.isEmpty()) {
      return title + ": nothing yet";
    }
    return Text.format(
        "%s: from %s to %s over %d steps",
        title,
        Text.number(points.get(0).y()),
        Text.number(points.get(points.size() - 1).y()),
        Math.round(points.get(points.size() - 1).x()));
  }

  private void grid(StringBuilder svg) {
    for (double value : y.ticks()) {
      double at = yOf(value);
      svg.append(
          Text.format(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT, WIDTH - RIGHT, at, at, LEFT - 7, at + 4, y.label(value)));
    }
    Scale x = Scale.over(0, xMax, TICKS);
    for (double value : x.ticks()) {
      if (value <= xMax) {
        svg.append(
            Text.format(
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                xOf(value), HEIGHT - 7, x.label(value)));
      }
    }
  }

  private void curve(StringBuilder svg) {
    String raw = path(points);
    if (smooth && points.size() > 8) {
      List<Series.Point> mean = smoothed();
      svg.append("<path class=\"raw\" d=\"").append(raw).append("\"/>");
      area(svg, mean);
      svg.append("<path class=\"line\" d=\"").append(path(mean)).append("\"/>");
    } else {
      area(svg, points);
      svg.append("<path class=\"line\" d=\"").append(raw).append("\"/>");
    }
  }

  private void area(StringBuilder svg, List<Series.Point> line) {
    svg.append(
        Text.format(
            "<path class=\"area\" d=\"%sL%.1f %d L%.1f %d Z\"/>",
            path(line),
            xOf(line.get(line.size() - 1).x()),
            HEIGHT - BOTTOM,
            xOf(line.get(0).x()),
            HEIGHT - BOTTOM));
  }

  private List<Series.Point> smoothed() {
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

  private String path(List<Series.Point> line) {
    StringBuilder path = new StringBuilder();
    for (Series.Point point : line) {
      path.append(
          Text.format(
              "%s%.1f %.1f ", path.length() == 0 ? "M" : "L", xOf(point.x()), yOf(point.y())));
    }
    return path.toString();
  }

  private void dot(StringBuilder svg, Series.Point end) {
    double value = smooth && points.size() > 8 ? smoothed().get(points.size() - 1).y() : end.y();
    svg.append(
        Text.format(
            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>", xOf(end.x()), yOf(value)));
  }

  private double xOf(double x) {
    return LEFT + (WIDTH - LEFT - RIGHT) * x / xMax;
  }

  private double yOf(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - y.low()) / (y.high() - y.low());
  }
}
