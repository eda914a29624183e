package dev.weir.coordinator.membership;

import dev.weir.job.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which plan is in force, and whether there shall be direct ones at all. */
final class Plans {
  /** So many direct plans in a row that came to nothing while nobody was lost are enough. */
  private static final int MAX_FAILURES = 3;

  private final Topology topology;
  private final CostModel costs;
  private boolean wanted;
  private @Nullable Choice choice;

  /** Whom the choice is about. */
  private List<Integer> asked = List.of();

  private Plan latest = Plan.HUB;
  private Plan current = Plan.HUB;
  private int failures;

  /** When something last moved at the owners. */
  private long progressNs;

  /**
   * @param costs by which the topology auto chooses
   */
  Plans(Topology topology, CostModel costs) {
    this.topology = topology;
    this.costs = costs;
    this.wanted = topology != Topology.HUB;
  }

  Plan current() {
    return current;
  }

  /**
   * Begins an attempt.
   *
   * @param team among whom the shards are divided
   * @param probed who makes one of their shards again
   * @return what is to be told before shards are assigned
   */
  List<Effect> begin(List<Member> team, List<Member> probed, long nowNs) {
    progressNs = nowNs;
    current = Plan.HUB;
    // One that made all shards alone would have nobody beside it to show that its state is wrong.
    if (!wanted || team.size() < 2) {
      return List.of();
    }
    List<Member> owners = new ArrayList<>(team);
    owners.addAll(probed);
    owners.sort(Comparator.comparingInt(member -> member.worker));
    List<Integer> workers = owners.stream().map(member -> member.worker).toList();
    List<Effect> effects = new ArrayList<>();
    if (topology == Topology.AUTO && !workers.equals(asked)) {
      asked = workers;
      choose(Choice.of(costs, owners), effects);
    }
    boolean chosen = choice == null || choice.isDirect();
    if (chosen && owners.stream().allMatch(member -> member.reachable)) {
      current = plan(workers, effects);
    }
    return effects;
  }

  /** Begins an attempt by a plan, if the one before has ended by it; whether it has. */
  boolean goOn(Plan plan, long nowNs) {
    boolean holds = plan.equals(current);
    if (holds) {
      progressNs = nowNs;
    }
    return holds;
  }

  private void choose(Choice next, List<Effect> effects) {
    if (choice == null || choice.cause() != next.cause()) {
      effects.add(new Effect.Choose(next.isDirect(), next.reason()));
    }
    choice = next;
  }

  private Plan plan(List<Integer> workers, List<Effect> effects) {
    if (!workers.equals(latest.owners())) {
      latest = new Plan(latest.number() + 1, workers);
      effects.add(new Effect.Announce(latest));
    }
    return latest;
  }

  /** Something has moved at the owners. */
  void progress(long nowNs) {
    progressNs = nowNs;
  }

  /** Whether nothing has moved at the owners for longer than that. */
  boolean isStill(long nowNs, Duration patience) {
    return current.isDirect() && nowNs - progressNs > patience.toNanos();
  }

  /** The rest of the attempt goes through the hub; what comes next has a plan of another number. */
  void giveUp() {
    current = Plan.HUB;
    forget();
  }

  /** Somebody cannot keep to a plan that is not in force, but would be again by the same owners. */
  void isBroken(long number) {
    if (latest.number() == number && !current.isDirect()) {
      forget();
    }
  }

  private void forget() {
    latest = new Plan(latest.number(), List.of());
  }

  /** A direct plan came to nothing; true if that was once too often, and there will be no more. */
  boolean failed() {
    failures++;
    wanted = wanted && failures < MAX_FAILURES;
    return !wanted;
  }

  /** A step was made by a direct plan. */
  void succeeded() {
    failures = 0;
  }
}
