package dev.weir.coordinator.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesTest {
  @Test
  void keepsTheMeanInABoundedNumberOfPoints() {
    Series series = new Series();
    for (int x = 0; x < 9600; x++) {
      series.add(x, x);
    }
    assertThat(series.points().size()).isBetween(300, 600);
    assertThat(series.points()).allSatisfy(point -> assertThat(point.y()).isEqualTo(point.x()));
    assertThat(series.points().get(0).x()).isEqualTo(15.5);
  }
}
