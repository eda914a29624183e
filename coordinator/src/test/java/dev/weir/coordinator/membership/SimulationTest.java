package dev.weir.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of joins, crashes, hangs, delays, duplicates, cuts, flipped bits, coordinator
 * kills and slow workers: every shard of a committed step is counted once, steps commit in order,
 * the final state is the undisturbed one, and the run ends or says that it waits.
 *
 * <p>To replay one: {@code mvn test -pl coordinator -am -Dtest=SimulationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dweir.simulation.seed=SEED}.
 */
class SimulationTest {
  private static final long SCHEDULES = 100_000;

  @Test
  void everyScheduleLeadsToTheUndisturbedState() {
    Long seed = Long.getLong("weir.simulation.seed");
    LongStream seeds = seed == null ? LongStream.range(0, SCHEDULES) : LongStream.of(seed);

    assertThat(seeds.mapToObj(SimulationTest::play).filter(text -> !text.isEmpty()).limit(5))
        .isEmpty();
  }

  private static String play(long seed) {
    String wrong = new SimulatedRun(seed).play();
    return wrong.isEmpty() ? "" : "seed " + seed + ": " + wrong;
  }
}
