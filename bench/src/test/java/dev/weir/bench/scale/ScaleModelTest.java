package dev.weir.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.bench.scale.ScaleModel.Exchange;
import dev.weir.bench.scale.ScaleModel.Way;
import org.junit.jupiter.api.Test;

class ScaleModelTest {
  private static final Network LAN = new Network(1e9, 1e-4);
  private static final Network WAN = new Network(1e9, 0.05);

  /** 10 µs a peer, 2 µs a message, half a nanosecond a byte; a worker takes half of that. */
  private final ScaleModel model =
      new ScaleModel(new Cost(1e-5, 2e-6, 5e-10), new Cost(5e-6, 1e-6, 2.5e-10), 0.25, 1_000);

  @Test
  void withinAMachineAHubTakesWhatItsProcessorTakes() {
    Exchange exchange = new Exchange(8, 10_000, 4);

    Demand demand = model.demand(Way.HUB, exchange, Network.LOOPBACK);

    double perWorker = 1e-5 + 20 * 2e-6 + 80_000 * 5e-10;
    assertThat(demand.apart()).isCloseTo(8 * perWorker, within(1e-9));
    assertThat(demand.limit()).isEqualTo("processor");
    assertThat(demand.all()).isCloseTo(8 * 1.5 * perWorker, within(1e-9));
    assertThat(model.hubOfCrowd(exchange, Network.LOOPBACK)).isEqualTo(demand);
    assertThat(demand.together(1)).isEqualTo(demand.all());
  }

  @Test
  void aHubsLinkCarriesAllVectorsAndWhatDoesNotOverlapOnceMore() {
    Demand demand = model.demand(Way.HUB, new Exchange(100, 10_000, 4), LAN);

    assertThat(demand.limit()).isEqualTo("network");
    assertThat(demand.apart()).isCloseTo(1e-4 + 100 * 1.25 * LAN.seconds(40_000), within(1e-9));
  }

  @Test
  void anOwnersLinkCarriesItsSliceForEachOtherAndAVectorOfItsOwn() {
    Demand demand = model.demand(Way.DIRECT, new Exchange(10, 100_000, 4), LAN);

    assertThat(demand.link()).isCloseTo(LAN.seconds(9 * 40_000 + 400_000), within(1e-9));
    assertThat(demand.waiting()).isCloseTo(1.5e-4, within(1e-12));
  }

  @Test
  void slicesAreWholeMessagesSoMoreWorkersThanThatLoadTheSameOwners() {
    double sixteen = model.demand(Way.DIRECT, new Exchange(16, 4_000, 4), LAN).link();
    double many = model.demand(Way.DIRECT, new Exchange(160, 4_000, 4), LAN).link();

    assertThat(many / sixteen).isBetween(8.0, 10.0);
  }

  @Test
  void oneStreamCarriesNoMoreThanItsWindowInARoundTrip() {
    Network fast = new Network(1e12, 0.05);

    Demand demand = model.demand(Way.HUB, new Exchange(2, 10 << 20, 4), fast);

    assertThat(demand.link()).isCloseTo(2.5 * 0.05, within(1e-9)); // 40 MiB by 16 MiB
  }

  @Test
  void littleFarAwayGoesThroughTheHubMuchThroughWorkersAndManyWorkersThroughGroups() {
    assertThat(model.quickest(new Exchange(4, 1_000, 4), WAN)).isEqualTo(Way.HUB);
    assertThat(model.quickest(new Exchange(16, 10_000_000, 4), LAN)).isEqualTo(Way.DIRECT);
    assertThat(model.quickest(new Exchange(1_024, 1_000, 4), LAN)).isEqualTo(Way.TWO_LEVEL);
  }

  @Test
  void groupsShareTheWorkOfOneHub() {
    Exchange exchange = new Exchange(100, 10_000, 4);

    double one = model.demand(Way.HUB, exchange, Network.LOOPBACK).busiest();
    double two = model.twoLevel(exchange, 10, Network.LOOPBACK).busiest();

    assertThat(one / two).isBetween(9.0, 10.0);
  }
}
