package dev.weir.wire;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log whom the door has not let in and why: the first at once, more of them as a number
 * every now and then, so that strangers cannot fill the disk. Any thread.
 */
public final class TurnedAway {
  private static final Logger logger = LoggerFactory.getLogger(TurnedAway.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final LongSupplier clockNs;
  private long untilNs;
  private boolean quiet;
  private long untold;

  /** Measures intervals with {@code clockNs}, in nanoseconds. */
  public TurnedAway(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** Notes one; returns the line that is logged, or null if it is only counted. */
  public synchronized @Nullable String note(String peer, String reason) {
    long nowNs = clockNs.getAsLong();
    if (quiet && nowNs - untilNs < 0) {
      untold++;
      return null;
    }
    String others = untold == 0 ? "" : " (and " + untold + " others since the last such message)";
    String line = peer + " was turned away: " + reason + others;
    quiet = true;
    untilNs = nowNs + INTERVAL.toNanos();
    untold = 0;
    logger.warn("{}", line);
    return line;
  }

  /** How a peer is named that has not said who it is. */
  public static String name(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress socket && socket.getAddress() != null
        ? socket.getAddress().getHostAddress() + ":" + socket.getPort()
        : String.valueOf(remote);
  }
}
