package dev.weir.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.Link;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds of the cost model for any vector and any links. */
class CostModelProperties {

  @Provide
  Arbitrary<CostModel> models() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 50_000_000),
            Arbitraries.integers().between(64, 500_000),
            Arbitraries.of(2, 4))
        .as(CostModel::new);
  }

  @Provide
  Arbitrary<List<Link>> links() {
    Arbitrary<Long> rates = Arbitraries.longs().between(2, 10_000_000_000_000L);
    return Combinators.combine(Arbitraries.longs().between(1, 30_000_000_000L), rates, rates)
        .as(Link::new)
        .list()
        .ofMinSize(2)
        .ofMaxSize(40);
  }

  @Property
  void bothTimesArePositiveAndFinite(
      @ForAll("models") CostModel model, @ForAll("links") List<Link> links) {
    assertThat(model.hubNs(links)).isPositive().isFinite();
    assertThat(model.directNs(links)).isPositive().isFinite();
  }

  @Property
  void fasterLinksTakeNoLonger(
      @ForAll("models") CostModel model, @ForAll("links") List<Link> links) {
    List<Link> slower =
        links.stream()
            .map(l -> new Link(l.roundTripNs(), l.sentPerSecond() / 2, l.receivedPerSecond() / 2))
            .toList();
    assertThat(model.hubNs(links)).isLessThanOrEqualTo(model.hubNs(slower));
    assertThat(model.directNs(links)).isLessThanOrEqualTo(model.directNs(slower));
  }

  @Property
  void aLongerWayNeverMakesDirectTheBetterOne(
      @ForAll("models") CostModel model, @ForAll("links") List<Link> links) {
    List<Link> longer =
        links.stream()
            .map(l -> new Link(2 * l.roundTripNs(), l.sentPerSecond(), l.receivedPerSecond()))
            .toList();
    assertThat(model.hubNs(longer)).isGreaterThan(model.hubNs(links));
    assertThat(model.directNs(longer)).isGreaterThan(model.directNs(links));
    if (!model.isDirectBetter(links)) {
      assertThat(model.isDirectBetter(longer)).isFalse();
    }
  }

  @Property
  void moreValuesTakeNoLessTime(
      @ForAll("models") CostModel model,
      @ForAll("links") List<Link> links,
      @ForAll @IntRange(min = 1, max = 1_000_000) int more) {
    CostModel larger =
        new CostModel(model.values() + more, model.chunkLength(), model.valueBytes());
    assertThat(larger.hubNs(links)).isGreaterThanOrEqualTo(model.hubNs(links));
  }
}
