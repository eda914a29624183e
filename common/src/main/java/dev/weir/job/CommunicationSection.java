package dev.weir.job;

import java.time.Duration;

/**
 * The exchange between workers and coordinator.
 *
 * @param topology who adds
 * @param precision how a value travels
 * @param everySteps steps between exchanges, H
 * @param outer what becomes of local steps; of no effect with H = 1
 * @param chunkLength values per message
 * @param failureTimeout silence after which a worker counts as dead; whole milliseconds
 * @param minWorkers workers that training waits for before its first step
 */
public record CommunicationSection(
    @Default("hub")
        @Doc(
            "Who adds up the gradients: the coordinator (`hub`), or the workers, each a slice of the"
                + " vector (`direct`), for which they must reach each other, or whichever is expected"
                + " to be faster by the links that the workers measure (`auto`). Changes nothing in"
                + " the result.")
        Topology topology,
    @Default("fixed32")
        @Doc(
            "How a value travels: as a fixed-point number of 32 bits, or of 16 bits, rounded up or down"
                + " at random, for half of the bytes.")
        Precision precision,
    @Default("1")
        @Range("[1, 1000000]")
        @Doc(
            "Steps between exchanges. With more than 1, each shard is a replica that takes so many"
                + " optimizer steps by itself, with moments that begin at zero, before all are"
                + " combined; the last time with fewer, if that is what is left.")
        int everySteps,
    OuterSection outer,
    @Default("16384")
        @Range("[64, 500000]")
        @Doc(
            "Values per message; each takes 4 bytes, or 2. Many small messages overlap better on a slow"
                + " link, few large ones take less processor time. Changes nothing in the result.")
        int chunkLength,
    @Default("2s")
        @Range("[100ms, 1h]")
        @Doc("Silence after which a worker counts as dead, and others get its shards.")
        Duration failureTimeout,
    @Default("1")
        @Range("[1, 65536]")
        @Doc("Workers that training waits for before its first step.")
        int minWorkers) {

  /**
   * Checks the one thing that the types leave open.
   *
   * @throws IllegalArgumentException if the timeout has a fraction of a millisecond, which a job
   *     file could not say
   */
  public CommunicationSection {
    if (failureTimeout.toNanosPart() % 1_000_000 != 0) {
      throw new IllegalArgumentException(failureTimeout + " is not a number of milliseconds");
    }
  }
}
