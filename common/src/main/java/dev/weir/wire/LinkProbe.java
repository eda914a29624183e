package dev.weir.wire;

import dev.weir.problem.UserException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the way to a coordinator with a few {@link ProbeStream probes}: about 0.1 s on a local
 * network, at most a few seconds on any, and at most seven megabytes; and before that it waits for
 * its turn, since the coordinator lets one measure at a time.
 *
 * <p>The round trip is the shortest of some small probes. The rate of each direction is that of a
 * probe beyond its round trip. Probes grow until three of a size all take so long that clocks and
 * round trips do not blur it, and the shortest time counts. The shortest and not the mean, since
 * processes that are busy, code that runs for the first time and TCP's slow start only ever add (as
 * in BBR, Cardwell et al. 2016). What others send all the while makes the rate lower.
 */
public final class LinkProbe {
  private static final Logger log = LoggerFactory.getLogger(LinkProbe.class);

  private static final Duration TURN_PATIENCE = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int ROUND_TRIPS = 16;
  private static final int FEWEST_ROUND_TRIPS = 3;
  private static final int TRANSFERS = 3;
  private static final long ROUND_TRIPS_NS = 500_000_000;
  private static final long BUDGET_NS = 1_500_000_000;
  private static final int FIRST_BYTES = 16 << 10;
  private static final int GROWTH = 4;
  private static final long ENOUGH_NS = 20_000_000;
  private static final long LEAST_NS = 1_000;

  private final ProbeStream stream;
  private final long beganNs;
  private final long roundTripNs;

  private LinkProbe(ProbeStream stream, Duration turn) throws InterruptedException {
    this.stream = stream;
    stream.awaitTurn(turn);
    this.beganNs = System.nanoTime();
    this.roundTripNs = roundTrip();
  }

  /**
   * Measures. Blocks meanwhile.
   *
   * @return null if the coordinator does not answer, or not in time
   */
  public static @Nullable Link of(Endpoint coordinator) throws InterruptedException {
    return of(coordinator, TURN_PATIENCE, PATIENCE);
  }

  /**
   * As above.
   *
   * @param turn how long to wait for the first answer
   * @param patience for each of the others
   */
  static @Nullable Link of(Endpoint coordinator, Duration turn, Duration patience)
      throws InterruptedException {
    try (ProbeStream stream = new ProbeStream(coordinator, patience)) {
      LinkProbe probe = new LinkProbe(stream, turn);
      return new Link(probe.roundTripNs, probe.rate(true), probe.rate(false));
    } catch (UserException | IllegalArgumentException e) {
      log.info("the way to {} could not be measured: {}", coordinator, e.getMessage());
      return null;
    }
  }

  private long roundTrip() throws InterruptedException {
    long ns = Long.MAX_VALUE;
    for (int i = 0; i < ROUND_TRIPS; i++) {
      if (i < FEWEST_ROUND_TRIPS || elapsedNs() < ROUND_TRIPS_NS) {
        ns = Math.min(ns, time(0, 0));
      }
    }
    return Math.max(1, ns);
  }

  /** Bytes per second, there or back. */
  private long rate(boolean there) throws InterruptedException {
    long enoughNs = Math.max(ENOUGH_NS, 2 * roundTripNs);
    int bytes = FIRST_BYTES;
    long ns = shortest(there, bytes, enoughNs);
    while (ns < enoughNs && bytes < ProbeStream.MAX_BYTES && elapsedNs() < BUDGET_NS) {
      bytes *= GROWTH;
      ns = shortest(there, bytes, bytes < ProbeStream.MAX_BYTES ? enoughNs : 0);
    }
    return Math.max(1, (long) (bytes * 1e9 / ns));
  }

  /** The shortest time of a few, or the first that is shorter than {@code enoughNs}. */
  private long shortest(boolean there, int bytes, long enoughNs) throws InterruptedException {
    long ns = beyondRoundTrip(there, bytes);
    for (int i = 1; i < TRANSFERS && ns >= enoughNs && elapsedNs() < BUDGET_NS; i++) {
      ns = Math.min(ns, beyondRoundTrip(there, bytes));
    }
    return ns;
  }

  private long beyondRoundTrip(boolean there, int bytes) throws InterruptedException {
    return Math.max(LEAST_NS, time(there ? bytes : 0, there ? 0 : bytes) - roundTripNs);
  }

  private long time(int sent, int asked) throws InterruptedException {
    long startNs = System.nanoTime();
    stream.ask(sent, asked);
    return System.nanoTime() - startNs;
  }

  private long elapsedNs() {
    return System.nanoTime() - beganNs;
  }
}
