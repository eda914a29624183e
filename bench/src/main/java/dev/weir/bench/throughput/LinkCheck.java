package dev.weir.bench.throughput;

import dev.weir.bench.machine.Hosts;
import dev.weir.bench.machine.Link;
import dev.weir.bench.machine.Shell;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a link really is, before anything is measured over it.
 *
 * @param megabits of one TCP stream of iperf3, per second
 * @param roundTripMs of ping, the mean, in milliseconds
 */
record LinkCheck(double megabits, double roundTripMs) {
  private static final Pattern RATE = Pattern.compile("([0-9.]+) Mbits/sec\\s+receiver");
  private static final Pattern ROUND_TRIP = Pattern.compile("= [0-9.]+/([0-9.]+)/");
  private static final double TOLERANCE = 0.15;

  /**
   * Measures the way from host 1 to host 0.
   *
   * @throws UserException if it is not what {@code link} promises
   */
  static LinkCheck of(Hosts hosts, Link link) {
    String ping =
        Shell.run(hosts.on(1, List.of("ping", "-q", "-c", "5", "-i", "0.2", Hosts.address(0))));
    LinkCheck check = new LinkCheck(rate(hosts), find(ROUND_TRIP, ping));
    check.require(link);
    return check;
  }

  private static double rate(Hosts hosts) {
    Process server = null;
    try {
      server =
          new ProcessBuilder(hosts.on(0, List.of("iperf3", "-s", "-1")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      String client = "iperf3 -f m -t 2 -c " + Hosts.address(0);
      String line = String.join(" ", hosts.on(1, List.of(client.split(" "))));
      return find(RATE, Shell.run(List.of("sh", "-c", "sleep 0.5; exec " + line)));
    } catch (IOException e) {
      throw new UserException("iperf3", "cannot be started: " + e.getMessage(), "Install it.");
    } finally {
      if (server != null) {
        server.destroy();
      }
    }
  }

  private static double find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in: " + text);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private void require(Link link) {
    boolean rateOff = link.isShaped() && Math.abs(megabits / link.megabits() - 1) > TOLERANCE;
    boolean tripOff =
        link.isDelayed() && Math.abs(roundTripMs / link.roundTripMs() - 1) > TOLERANCE;
    if (rateOff || tripOff) {
      throw new UserException(
          "link " + link.name(),
          "iperf3 and ping find " + this,
          "Let the machine do nothing else meanwhile, or choose a slower link.");
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f Mbit/s, round trip %.2f ms", megabits, roundTripMs);
  }
}
