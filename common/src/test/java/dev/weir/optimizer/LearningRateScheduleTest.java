package dev.weir.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.optimizer.LearningRateSchedule.Shape;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  @Test
  void theRateRisesToItsPeakAndFallsToZero() {
    LearningRateSchedule linear = new LearningRateSchedule(Shape.LINEAR, 8, 0.4, 10);
    assertThat(rates(linear))
        .containsExactly(2, 4, 6, 8, 8, 8 * 5 / 6f, 8 * 4 / 6f, 4, 8 / 3f, 8 / 6f, 0, 0);
  }

  @Test
  void theCosineIsSteepestInTheMiddle() {
    LearningRateSchedule cosine = new LearningRateSchedule(Shape.COSINE, 2, 0, 4);
    assertThat(cosine.at(0)).isEqualTo(2);
    assertThat(cosine.at(1)).isEqualTo((float) (1 + Math.sqrt(0.5)));
    assertThat(cosine.at(2)).isEqualTo(1);
    assertThat(cosine.at(4)).isZero();
    assertThat(cosine.at(400)).isZero();
  }

  @Test
  void aConstantRateStays() {
    LearningRateSchedule constant = new LearningRateSchedule(Shape.CONSTANT, 3, 0.01, 10);
    assertThat(rates(constant)).containsOnly(3);
  }

  @Test
  void warmupMayTakeAllSteps() {
    LearningRateSchedule rising = new LearningRateSchedule(Shape.LINEAR, 10, 1, 10);
    assertThat(rising.at(9)).isEqualTo(10);
    assertThat(rising.at(0)).isEqualTo(1);
  }

  @Test
  void numbersOutsideOfTheirRangesAreRefused() {
    assertThatThrownBy(() -> new LearningRateSchedule(Shape.LINEAR, 1, 1.1, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LearningRateSchedule(Shape.LINEAR, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static float[] rates(LearningRateSchedule schedule) {
    float[] rates = new float[12];
    for (int step = 0; step < rates.length; step++) {
      rates[step] = schedule.at(step);
    }
    return rates;
  }
}
