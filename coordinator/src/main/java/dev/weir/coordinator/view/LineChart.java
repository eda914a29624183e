package dev.weir.coordinator.view;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws one or two curves as SVG, the first filled, the second dashed. Colours come from classes,
 * so that the page decides them.
 */
final class LineChart {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 210;
  private static final int LEFT = 44;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 24;
  private static final int TICKS = 4;
  private static final int MARKED = 100;
  private static final int KEY = 128;

  private final List<Curve> curves;
  private final double xMax;
  private final Scale y;

  /**
   * @param curves empty ones are left out, except for the first
   * @param xMax right end, or 0 for the last point
   * @param fromZero whether the value axis begins at 0
   */
  LineChart(List<Curve> curves, long xMax, boolean fromZero) {
    this.curves =
        Stream.concat(
                curves.stream().limit(1), curves.stream().skip(1).filter(curve -> !curve.isEmpty()))
            .toList();
    List<Series.Point> all = curves.stream().flatMap(curve -> curve.points().stream()).toList();
    double last = all.stream().mapToDouble(Series.Point::x).max().orElse(1);
    this.xMax = Math.max(last, (double) Math.max(1, xMax));
    double low = all.stream().mapToDouble(Series.Point::y).min().orElse(0);
    double high = all.stream().mapToDouble(Series.Point::y).max().orElse(1);
    this.y = Scale.over(fromZero ? 0 : low, high, TICKS);
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        Text.format(
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH,
            HEIGHT,
            Text.escape(curves.stream().map(Curve::describe).collect(Collectors.joining("; ")))));
    grid(svg);
    if (curves.stream().allMatch(Curve::isEmpty)) {
      svg.append(
          Text.format(
              "<text class=\"empty\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">nothing yet</text>",
              (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2));
    }
    for (int i = 0; i < curves.size(); i++) {
      svg.append(Text.format("<g class=\"curve c%d\">", i));
      curve(svg, curves.get(i), i == 0);
      if (curves.size() > 1) {
        key(svg, curves.get(i).name(), WIDTH - RIGHT - KEY * (curves.size() - i));
      }
      svg.append("</g>");
    }
    return svg.append("</svg>").toString();
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

  private void curve(StringBuilder svg, Curve curve, boolean filled) {
    List<Series.Point> drawn = curve.drawn();
    if (drawn.size() > 1) {
      if (curve.isSmoothed()) {
        svg.append("<path class=\"raw\" d=\"").append(path(curve.points())).append("\"/>");
      }
      if (filled) {
        area(svg, drawn);
      }
      svg.append("<path class=\"line\" d=\"").append(path(drawn)).append("\"/>");
    }
    boolean marked = !curve.smooth() && drawn.size() <= MARKED;
    drawn.stream()
        .skip(marked ? 0 : Math.max(0, drawn.size() - 1))
        .forEach(point -> dot(svg, point));
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

  private String path(List<Series.Point> line) {
    StringBuilder path = new StringBuilder();
    for (Series.Point point : line) {
      path.append(
          Text.format(
              "%s%.1f %.1f ", path.length() == 0 ? "M" : "L", xOf(point.x()), yOf(point.y())));
    }
    return path.toString();
  }

  private void dot(StringBuilder svg, Series.Point at) {
    svg.append(
        Text.format(
            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>", xOf(at.x()), yOf(at.y())));
  }

  private static void key(StringBuilder svg, String name, int x) {
    svg.append(
        Text.format(
            "<path class=\"line\" d=\"M%d %d h18\"/><text x=\"%d\" y=\"%d\">%s</text>",
            x, TOP - 4, x + 24, TOP, Text.escape(name)));
  }

  private double xOf(double x) {
    return LEFT + (WIDTH - LEFT - RIGHT) * x / xMax;
  }

  private double yOf(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - y.low()) / (y.high() - y.low());
  }
}
