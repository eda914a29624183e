package dev.weir.coordinator.membership;

import java.util.BitSet;
import java.util.List;

/** What the membership wants done, in the order given. */
public sealed interface Effect {

  /** Send a worker the state of the current step, and the chunks of it that are already reduced. */
  record Seed(int worker) implements Effect {}

  /** Begin to reduce a new attempt of a step. */
  record Begin(long step, int attempt) implements Effect {}

  /**
   * The topology auto means something else than before, or for another reason.
   *
   * @param direct whether workers add from now on
   * @param reason in words, which begin with who adds
   */
  record Choose(boolean direct, String reason) implements Effect {}

  /** Tell the owners of a plan that it is in force from now on. */
  record Announce(Plan plan) implements Effect {}

  /**
   * What is left of the current attempt goes through the coordinator. Send all workers the chunks
   * that are already reduced: they may have missed some.
   *
   * @param last whether all other steps do, too
   */
  record GiveUp(long step, String reason, boolean last) implements Effect {}

  /** Have a worker contribute shards by the plan of that number. */
  record Assign(int worker, long generation, long step, int attempt, long plan, BitSet shards)
      implements Effect {}

  /**
   * Tell a worker what it is to contribute to the next step, at the first attempt, by the plan of
   * that number, as soon as it has the sums of the current one, unless it is told something else.
   */
  record Foretell(int worker, long generation, long step, long plan, BitSet shards)
      implements Effect {}

  /** The step has begun for which a worker was foretold these shards: nothing is to be sent. */
  record Proceed(int worker, long step, BitSet shards) implements Effect {}

  /** All shards are in: apply the sums of that attempt to the state. */
  record Commit(long step, int attempt) implements Effect {}

  /** The step passes without an update. */
  record Skip(long step, Fault fault, String worker) implements Effect {}

  /** End a worker's stream. */
  record Drop(int worker, String reason) implements Effect {}

  /**
   * A worker takes much longer than is usual; idle workers, if any, get its shards too.
   *
   * @param ageNs since when it is expected
   */
  record Late(int worker, String name, long step, BitSet shards, long ageNs) implements Effect {}

  /**
   * What a late worker owed is there, from itself or from others.
   *
   * @param costNs how much later than usual
   */
  record Settled(int worker, String name, long step, long costNs) implements Effect {}

  /**
   * Nothing can be done until more workers are ready.
   *
   * @param ageNs since when it waits
   * @param awaited who could be: workers that are loading, and those that were lost, with when they
   *     were last heard
   */
  record Await(int ready, int required, long ageNs, List<String> awaited) implements Effect {}

  /** All steps are done. */
  record Finish() implements Effect {}

  /** The job cannot go on. */
  record Fail(String reason) implements Effect {}
}
