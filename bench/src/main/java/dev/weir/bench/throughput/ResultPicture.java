package dev.weir.bench.throughput;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * Steps per second of everybody over every link, as bars; on a logarithmic axis where they differ
 * much.
 */
final class ResultPicture {
  /** As many as there are contestants; Paul Tol's muted scheme and two more. */
  private static final Color[] COLORS =
      IntStream.of(
              0x332288, 0x88CCEE, 0x44AA99, 0x117733, 0x999933, 0xDDCC77, 0xCC6677, 0x882255,
              0xAA4499, 0x888888, 0x111111)
          .mapToObj(Color::new)
          .toArray(Color[]::new);

  /** Highest over lowest speed. Below it a logarithmic axis would have hardly a label. */
  private static final double LOGARITHMIC_FROM = 10;

  private ResultPicture() {}

  /** Writes {@code throughput.svg} and {@code throughput.png} into a folder. */
  static void write(ResultTable table, Path folder) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1200)
            .height(640)
            .title("Training MiniLM: steps per second (higher is better)")
            .yAxisTitle("steps per second")
            .theme(Styler.ChartTheme.GGPlot2)
            .build();
    chart.getStyler().setSeriesColors(COLORS);
    scale(chart.getStyler(), table);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    List<String> titles = table.groups().stream().map(ResultTable.Group::title).toList();
    for (String name : names(table)) {
      List<Number> bars = new ArrayList<>();
      for (ResultTable.Group group : table.groups()) {
        Measurement found = group.median(name);
        bars.add(found == null ? Double.NaN : found.stepsPerSecond());
      }
      chart.addSeries(name, titles, bars);
    }
    String file = folder.resolve("throughput").toString();
    BitmapEncoder.saveBitmap(chart, file, BitmapEncoder.BitmapFormat.PNG);
    VectorGraphicsEncoder.saveVectorGraphic(
        chart, file, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
  }

  private static void scale(AxesChartStyler styler, ResultTable table) {
    DoubleSummaryStatistics speeds =
        table.groups().stream()
            .flatMap(group -> group.turns().values().stream())
            .flatMap(List::stream)
            .mapToDouble(Measurement::stepsPerSecond)
            .summaryStatistics();
    boolean logarithmic = speeds.getMax() >= LOGARITHMIC_FROM * speeds.getMin();
    styler.setYAxisLogarithmic(logarithmic);
    styler.setYAxisMin(logarithmic ? powerOfTenBelow(speeds.getMin()) : 0.0);
  }

  /** Where bars begin: zero has no logarithm. */
  private static double powerOfTenBelow(double lowest) {
    return Math.pow(10, Math.floor(Math.log10(lowest)));
  }

  private static Set<String> names(ResultTable table) {
    Set<String> names = new LinkedHashSet<>();
    table.groups().forEach(group -> names.addAll(group.turns().keySet()));
    return names;
  }
}
