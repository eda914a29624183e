package dev.weir.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CostFitTest {
  @Test
  void findsTheCostThatTheSamplesHave() {
    Cost cost = new Cost(3e-5, 4e-6, 6e-10);
    List<CostFit.Sample> samples = new ArrayList<>();
    for (int peers : new int[] {16, 64, 256}) {
      for (int messages : new int[] {1, 7, 56}) {
        double all = 2.0 * peers * messages;
        double bytes = 2.0 * peers * (messages == 1 ? 4_000 : 450_000);
        samples.add(new CostFit.Sample(peers, all, bytes, cost.seconds(peers, all, bytes)));
      }
    }

    Cost found = CostFit.of(samples);

    Percentage close = Percentage.withPercentage(0.01);
    assertThat(found.perPeer()).isCloseTo(cost.perPeer(), close);
    assertThat(found.perMessage()).isCloseTo(cost.perMessage(), close);
    assertThat(found.perByte()).isCloseTo(cost.perByte(), close);
  }

  @Test
  void nothingCostsLessThanNothing() {
    Cost found =
        CostFit.of(
            List.of(new CostFit.Sample(10, 10, 1_000, 1), new CostFit.Sample(10, 10, 2_000, 0.9)));

    assertThat(found.perByte()).isZero();
    assertThat(found.seconds(10, 10, 1_500)).isCloseTo(0.95, within(0.01));
  }
}
