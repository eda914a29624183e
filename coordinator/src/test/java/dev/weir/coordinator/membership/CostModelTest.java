package dev.weir.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.wire.Link;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cost model where its answer is plain, and its equations by hand. */
class CostModelTest {
  /** The bundled job: 0.5 % of MiniLM, 451 kB in 7 chunks. */
  private static final CostModel BUNDLED = new CostModel(112_830, 16_384, 4);

  private static List<Link> links(int workers, double roundTripMs, double megabits) {
    long rate = (long) (megabits * 1e6 / 8);
    return Collections.nCopies(workers, new Link((long) (roundTripMs * 1e6), rate, rate));
  }

  @Test
  void fourWorkersOnASlowNetworkExchangeDirectly() {
    List<Link> slow = links(4, 0.2, 95);
    assertThat(BUNDLED.isDirectBetter(slow)).isTrue();
    assertThat(BUNDLED.hubNs(slow)).isCloseTo(176e6, within(4e6));
    assertThat(BUNDLED.directNs(slow)).isCloseTo(73e6, within(3e6));
  }

  @Test
  void littleOnAFastNetworkGoesThroughTheCoordinator() {
    CostModel little = new CostModel(1_000, 16_384, 4);
    for (int workers = 2; workers <= 64; workers *= 2) {
      assertThat(little.isDirectBetter(links(workers, 0.2, 10_000))).isFalse();
    }
  }

  @Test
  void aLongWayGoesThroughTheCoordinator() {
    assertThat(BUNDLED.isDirectBetter(links(2, 100, 1_000))).isFalse();
  }

  /** One chunk has one owner, who does what the coordinator did, and saves it one copy of 16. */
  @Test
  void lessThanATenthIsNotWorthWhile() {
    CostModel single = new CostModel(16_384, 16_384, 4);
    List<Link> slow = links(8, 0.1, 1);
    assertThat(single.directNs(slow))
        .isBetween(CostModel.WORTHWHILE * single.hubNs(slow), single.hubNs(slow));
    assertThat(single.isDirectBetter(slow)).isFalse();
  }

  /** Ways within a machine, one of which was measured in an unlucky moment. */
  @Test
  void waysAsFastAsTheMachinesAreNotToldApart() {
    CostModel large = new CostModel(1_310_720, 32_768, 4);
    Link lucky = new Link(100_000, 2_000_000_000, 2_000_000_000);
    Link unlucky = new Link(100_000, 600_000_000, 600_000_000);
    assertThat(large.directNs(List.of(lucky, unlucky)))
        .isEqualTo(large.directNs(List.of(lucky, lucky)));
    assertThat(large.isDirectBetter(List.of(lucky, unlucky))).isTrue();
  }

  /** A single slow worker cannot make the coordinator's link slow. */
  @Test
  void theCoordinatorsLinkIsAsFastAsTheFastestWorkers() {
    Link fast = new Link(1_000_000, 100_000_000, 100_000_000);
    Link slow = new Link(1_000_000, 1_000_000, 1_000_000);
    List<Link> mixed = List.of(fast, fast, fast, slow);
    assertThat(BUNDLED.hubNs(mixed)).isCloseTo(453e6 + 4e6, within(3e6));
    assertThat(BUNDLED.isDirectBetter(mixed)).isFalse();
  }

  /** Two workers, two chunks of 1000 bytes, 1 byte per nanosecond: by hand, from the equations. */
  @Test
  void theEquationsByHand() {
    CostModel model = new CostModel(500, 250, 4);
    List<Link> links = Collections.nCopies(2, new Link(1_000_000, 1_000_000_000, 1_000_000_000));
    double coordinator = 12 * CostModel.MESSAGE_NS + 8_000 * CostModel.BYTE_NS;
    double owner = 7 * CostModel.MESSAGE_NS + 5_000 * CostModel.BYTE_NS;
    assertThat(model.hubNs(links)).isCloseTo(1e6 + coordinator, within(1e-3));
    assertThat(model.directNs(links)).isCloseTo(1e6 + owner, within(1e-3));

    // The same at 1 byte in 100 nanoseconds, where the links take longer than the work.
    List<Link> slow = Collections.nCopies(2, new Link(1_000_000, 10_000_000, 10_000_000));
    assertThat(model.hubNs(slow)).isCloseTo(1e6 + 600_000, within(1e-3));
    assertThat(model.directNs(slow)).isCloseTo(1e6 + 300_000, within(1e-3));
  }
}
