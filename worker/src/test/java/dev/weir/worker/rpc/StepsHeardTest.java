package dev.weir.worker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Nanoseconds are of a clock of the test's own. */
class StepsHeardTest {
  private final StepsHeard steps = new StepsHeard();

  private boolean isBehind() {
    return steps.isBehind(1_000, 100);
  }

  @Test
  void whatWasForetoldHasBegunOnceTheNextIsForetold() {
    steps.assigned(0, false, 0);
    steps.assigned(1, true, 0);
    assertThat(steps.inWork()).isZero();
    assertThat(isBehind()).isFalse(); // The coordinator may lack the sums as well.
    assertThat(steps.hasAssigned(1)).isTrue();
    assertThat(steps.hasAssigned(2)).isFalse();

    steps.assigned(2, true, 0); // So it has those of step 0.
    assertThat(isBehind()).isTrue();
    assertThat(steps.inWork()).isZero();

    steps.summed(0);
    assertThat(isBehind()).isFalse();
    assertThat(steps.inWork()).isEqualTo(1);
  }

  @Test
  void whatWasForetoldHasBegunOnceTheNextIsAssigned() {
    steps.assigned(0, false, 0);
    steps.assigned(1, true, 0);
    steps.summed(0);
    steps.assigned(2, false, 0);
    assertThat(isBehind()).isTrue();
    assertThat(steps.inWork()).isEqualTo(1);
  }

  @Test
  void whatIsNeitherLateNorMissedIsNotBehind() {
    steps.assigned(0, false, 0);
    steps.summed(0);
    steps.assigned(1, false, 0);
    assertThat(isBehind()).isFalse();
    steps.assigned(2, false, 950);
    assertThat(isBehind()).isFalse(); // Not for long enough.
  }

  @Test
  void aSkippedStepDoesNotHideMissingSums() {
    steps.assigned(0, false, 0);
    steps.assigned(1, false, 0);
    steps.skipped(1);
    assertThat(isBehind()).isTrue();
    assertThat(steps.isEnded(0)).isFalse();

    steps.summed(0);
    assertThat(isBehind()).isFalse();
    assertThat(steps.isEnded(1)).isTrue();
  }

  @Test
  void aStateEndsAllWaiting() {
    steps.assigned(0, false, 0);
    steps.assigned(1, false, 0);
    steps.forget();
    assertThat(isBehind()).isFalse();
    assertThat(steps.hasAssigned(0)).isFalse();
  }
}
