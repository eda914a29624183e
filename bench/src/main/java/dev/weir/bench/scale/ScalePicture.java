package dev.weir.bench.scale;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Time per step by number of workers and topology, extrapolated for one length and two networks.
 */
final class ScalePicture {
  static final int VALUES = 1_000_000;
  private static final double BITS_PER_SECOND = 1e10;
  private static final int MOST_WORKERS = 4_096;
  private static final double STEP = 1.1;

  private final ScaleModel model;
  private final XYChart chart =
      new XYChartBuilder()
          .width(1100)
          .height(640)
          .title("Time per step for k = 1,000,000 at 10 Gbit/s, extrapolated")
          .xAxisTitle("workers")
          .yAxisTitle("milliseconds per step, without computing")
          .theme(Styler.ChartTheme.GGPlot2)
          .build();

  private ScalePicture(ScaleModel model) {
    this.model = model;
  }

  /** Writes {@code scale.svg} and {@code scale.png} into a folder. */
  static void write(ScaleModel model, Path folder) throws IOException {
    XYChart chart = new ScalePicture(model).draw();
    String file = folder.resolve("scale").toString();
    BitmapEncoder.saveBitmap(chart, file, BitmapEncoder.BitmapFormat.PNG);
    VectorGraphicsEncoder.saveVectorGraphic(
        chart, file, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
  }

  private XYChart draw() {
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    lines(ScaleModel.Way.HUB, new Color(0x1B6CA8));
    lines(ScaleModel.Way.DIRECT, new Color(0xD1495B));
    lines(ScaleModel.Way.TWO_LEVEL, new Color(0x3A7D44));
    return chart;
  }

  private void lines(ScaleModel.Way way, Color color) {
    line(way, "LAN, 0.1 ms", 1e-4, color, SeriesLines.SOLID);
    line(way, "WAN, 50 ms", 0.05, color, SeriesLines.DASH_DASH);
  }

  private void line(
      ScaleModel.Way way, String where, double roundTrip, Color color, BasicStroke stroke) {
    Network network = new Network(BITS_PER_SECOND, roundTrip);
    double[] workers =
        IntStream.range(0, (int) (Math.log(MOST_WORKERS) / Math.log(STEP)) + 1)
            .mapToDouble(i -> Math.rint(Math.pow(STEP, i)))
            .filter(count -> count >= 2)
            .distinct()
            .toArray();
    double[] milliseconds = new double[workers.length];
    for (int i = 0; i < workers.length; i++) {
      ScaleModel.Exchange exchange =
          new ScaleModel.Exchange((int) workers[i], VALUES, Integer.BYTES);
      milliseconds[i] = 1e3 * model.demand(way, exchange, network).apart();
    }
    XYSeries series = chart.addSeries(way.title() + ", " + where, workers, milliseconds);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineStyle(stroke);
  }
}
