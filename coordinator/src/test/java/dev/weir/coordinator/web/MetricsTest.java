package dev.weir.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void tellsOfStepsBytesAndLoss() {
    try (Metrics metrics = new Metrics()) {
      Sample.tell(metrics);
      assertThat(metrics.scrape())
          .contains("weir_step 20.0\n")
          .contains("weir_loss 0.05\n")
          .contains("weir_samples_total 640.0\n")
          .contains("weir_wire_sent_bytes_total 20000.0\n")
          .contains("weir_wire_received_bytes_total 18000.0\n")
          // 488 floats, both ways, 2 workers, 20 steps.
          .contains("weir_wire_dense_bytes_total 156160.0\n")
          .contains("weir_step_duration_seconds_count 20\n")
          .contains("weir_eval_accuracy 0.6\n");
    }
  }

  @Test
  void splitsEachWorkersTime() {
    try (Metrics metrics = new Metrics()) {
      Sample.tell(metrics);
      assertThat(metrics.scrape())
          .containsPattern(
              "weir_step_phase_seconds_total\\{phase=\"compute\",worker=\"slow\"} 0.64")
          .containsPattern(
              "weir_step_phase_seconds_total\\{phase=\"waiting\",worker=\"slow\"} 0.24");
    }
  }

  @Test
  void countsWorkersStragglersAndFaults() {
    try (Metrics metrics = new Metrics()) {
      Sample.tell(metrics);
      assertThat(metrics.scrape())
          .contains("weir_workers_ready 1.0\n")
          .contains("weir_workers_straggling 0.0\n")
          .contains("weir_faults_total{kind=\"lost\"} 1.0\n")
          .contains("weir_faults_total{kind=\"overflow\"} 0.0\n")
          .contains("weir_recoveries_total 0.0\n");
      metrics.step(Sample.record(20, 1));
      metrics.step(Sample.record(21, 1));
      assertThat(metrics.scrape()).contains("weir_recoveries_total 1.0\n");
    }
  }

  @Test
  void namesAStragglerWhileItIsThere() {
    try (Metrics metrics = new Metrics()) {
      metrics.begin(Sample.facts());
      metrics.computed(1, 0, Sample.shards(0), Sample.times(1));
      metrics.computed(2, 0, Sample.shards(1), Sample.times(4));
      assertThat(metrics.scrape()).contains("weir_workers_straggling 1.0\n");
    }
  }

  @Test
  void givesTheDensityOfEachLayer() {
    try (Metrics metrics = new Metrics()) {
      Sample.tell(metrics);
      assertThat(metrics.scrape())
          .contains("weir_mask_density{layer=\"classifier\"} 1.0\n")
          .contains("weir_mask_density{layer=\"embeddings\"} 0.005\n");
    }
  }

  @Test
  void keepsTheLossOverASkippedStep() {
    try (Metrics metrics = new Metrics()) {
      Sample.tell(metrics);
      metrics.step(new StepRecord(20, 1, Double.NaN, true, 1, 1, 0.1, StepTimes.ZERO, 0, 0));
      assertThat(metrics.scrape()).contains("weir_loss 0.05\n").contains("weir_step 21.0\n");
    }
  }
}
