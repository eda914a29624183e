package dev.weir.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.allreduce.Times;
import dev.weir.problem.UserException;
import dev.weir.sum.SumFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleResultsTest {
  @Test
  void ofWhatIsMeasuredAgainTheQuickerIsKept(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("scale.csv");
    Points points = Points.read(file);
    points.put(crowd(16, 0.02));
    points.put(crowd(4, 0.002));
    points.put(crowd(16, 0.01));
    points.put(crowd(4, 0.003));
    points.write(file);

    assertThat(Points.read(file).sorted()).containsExactly(crowd(4, 0.002), crowd(16, 0.01));
  }

  @Test
  void aDamagedLineIsShown(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("scale.csv");
    Points points = Points.read(file);
    points.put(crowd(4, 0.002));
    points.write(file);
    Files.writeString(file, Files.readString(file) + "CROWD,HUB,unsh");

    assertThatThrownBy(() -> Points.read(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("this line is damaged: CROWD,HUB,unsh");
  }

  @Test
  void thePageTellsMeasuredFromExtrapolatedAndFittedFromChecked(@TempDir Path folder)
      throws Exception {
    Point ranks =
        new Point(
            shape(Point.Kind.RANKS, ScaleModel.Way.DIRECT, "1gbit-20ms", 4),
            9,
            new Times(0.04, 0.05),
            0,
            0,
            0.01,
            0,
            0,
            0);
    List<Point> points = List.of(crowd(4, 0.002), crowd(16, 0.008), ranks);
    Fitted fitted = Fitted.of(points, 16_384);

    assertThat(fitted.used()).containsExactly(crowd(4, 0.002));
    assertThat(new ScalePage(points, fitted, "Beside other work.").markdown())
        .contains("| 16 | 112,830 | fixed32 | 16,384 | loopback | 9 | 8.000 (16.000) |")
        .contains("| hub, synthetic | 16 | 112,830 | loopback | checked | 8.00 | 8.00 | +0 % |")
        .contains("| direct, processes | 4 | 112,830 | 1gbit-20ms | checked |")
        .contains("## Extrapolated: WAN", "\nBeside other work.\n");
    ScalePicture.write(fitted.model(), folder);
    assertThat(Files.size(folder.resolve("scale.png"))).isGreaterThan(1000);
    assertThat(Files.readString(folder.resolve("scale.svg"))).contains("<svg");
  }

  @Test
  void withoutAHubThereIsNoModel() {
    assertThatThrownBy(() -> Fitted.of(List.of(), 16_384))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--parts CROWD");
  }

  private static Point crowd(int workers, double seconds) {
    return new Point(
        shape(Point.Kind.CROWD, ScaleModel.Way.HUB, Point.Shape.LOOPBACK, workers),
        9,
        new Times(seconds, 2 * seconds),
        seconds / 2,
        seconds / 2,
        seconds / 2,
        4e5 * workers,
        200_000_000,
        10_000_000);
  }

  private static Point.Shape shape(Point.Kind kind, ScaleModel.Way way, String link, int workers) {
    return new Point.Shape(kind, way, link, workers, 112_830, 16_384, SumFormat.FIXED32);
  }
}
