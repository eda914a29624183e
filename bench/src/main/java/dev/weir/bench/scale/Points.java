package dev.weir.bench.scale;

import dev.weir.bench.allreduce.Times;
import dev.weir.problem.UserException;
import dev.weir.sum.SumFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What has been measured so far, of each shape the quickest run, since what else a machine does
 * only ever adds, in a file of comma-separated values.
 */
final class Points {
  private static final String HEAD =
      "kind,way,link,workers,values,chunk,format,steps,median,p99,hubUser,hubSystem,others,bytes,"
          + "peakBytes,heapBytes";

  private final Map<Point.Shape, Point> points = new LinkedHashMap<>();

  /**
   * Reads a file, if it is there.
   *
   * @throws UserException if it is not one of these files
   */
  static Points read(Path file) throws IOException {
    Points points = new Points();
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of(HEAD);
    if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
      throw new UserException(
          file.toString(), "its first line is not " + HEAD, "Give another folder with --out.");
    }
    for (String line : lines.subList(1, lines.size())) {
      try {
        points.put(parse(line.split(",")));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new UserException(
            file.toString(), "this line is damaged: " + line, "Remove it, or measure again.");
      }
    }
    return points;
  }

  void put(Point point) {
    points.merge(
        point.shape(),
        point,
        (had, found) -> found.times().median() <= had.times().median() ? found : had);
  }

  /** By kind, topology, link, format, chunk length and then by rising size. */
  List<Point> sorted() {
    List<Point> sorted = new ArrayList<>(points.values());
    sorted.sort(
        Comparator.comparing((Point point) -> point.shape().kind())
            .thenComparing(point -> point.shape().way())
            .thenComparing(point -> point.shape().link().equals(Point.Shape.LOOPBACK) ? 0 : 1)
            .thenComparing(point -> point.shape().link())
            .thenComparing(point -> point.shape().format())
            .thenComparing(point -> -point.shape().chunkLength())
            .thenComparing(point -> point.shape().values())
            .thenComparing(point -> point.shape().workers()));
    return sorted;
  }

  void write(Path file) throws IOException {
    Collection<String> lines = new ArrayList<>(List.of(HEAD));
    sorted().forEach(point -> lines.add(line(point)));
    Files.write(file, lines);
  }

  private static Point parse(String[] words) {
    Point.Shape shape =
        new Point.Shape(
            Point.Kind.valueOf(words[0]),
            ScaleModel.Way.valueOf(words[1]),
            words[2],
            Integer.parseInt(words[3]),
            Integer.parseInt(words[4]),
            Integer.parseInt(words[5]),
            SumFormat.valueOf(words[6]));
    return new Point(
        shape,
        Integer.parseInt(words[7]),
        new Times(Double.parseDouble(words[8]), Double.parseDouble(words[9])),
        Double.parseDouble(words[10]),
        Double.parseDouble(words[11]),
        Double.parseDouble(words[12]),
        Double.parseDouble(words[13]),
        Long.parseLong(words[14]),
        Long.parseLong(words[15]));
  }

  private static String line(Point point) {
    Point.Shape shape = point.shape();
    return String.format(
        Locale.ROOT,
        "%s,%s,%s,%d,%d,%d,%s,%d,%.4g,%.4g,%.4g,%.4g,%.4g,%.0f,%d,%d",
        shape.kind(),
        shape.way(),
        shape.link(),
        shape.workers(),
        shape.values(),
        shape.chunkLength(),
        shape.format(),
        point.steps(),
        point.times().median(),
        point.times().p99(),
        point.hubUser(),
        point.hubSystem(),
        point.others(),
        point.bytes(),
        point.peakBytes(),
        point.heapBytes());
  }
}
