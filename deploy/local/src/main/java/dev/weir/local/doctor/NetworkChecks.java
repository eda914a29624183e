package dev.weir.local.doctor;

import dev.weir.problem.UserException;
import dev.weir.proto.Echo;
import dev.weir.tls.Credentials;
import dev.weir.wire.Endpoint;
import dev.weir.wire.ProbeStream;
import dev.weir.wire.Protocol;
import dev.weir.wire.TlsProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The way to a coordinator. */
final class NetworkChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Longer, as machines may be busy on both sides and the first answer comes through cold code. */
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(20);

  private static final int ROUND_TRIPS = 21;
  private static final int TRANSFERS = 4;
  private static final long MAX_CLOCK_DIFFERENCE_MS = 60_000;

  private final Findings findings;

  NetworkChecks(Findings findings) {
    this.findings = findings;
  }

  /** Looks the host up; false if that fails. */
  boolean name(InetSocketAddress address) {
    try {
      String all =
          Arrays.stream(InetAddress.getAllByName(address.getHostString()))
              .map(InetAddress::getHostAddress)
              .collect(Collectors.joining(", "));
      findings.good("name", address.getHostString() + " is " + all);
      return true;
    } catch (UnknownHostException e) {
      findings.wrong(
          "name",
          address.getHostString() + " is not known to this machine's resolver",
          "Check its spelling, or give an IP address.");
      return false;
    }
  }

  boolean port(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) PATIENCE.toMillis());
      findings.good("port", address.getPort() + " accepts connections");
      return true;
    } catch (IOException e) {
      findings.wrong(
          "port",
          address.getPort() + " cannot be reached: " + e.getMessage(),
          "Start the coordinator with --listen 0.0.0.0:"
              + address.getPort()
              + ", check the number, and open the port in firewalls between.");
      return false;
    }
  }

  /** Compares what both sides speak; false if they do not understand each other. */
  boolean tls(InetSocketAddress address, @Nullable Credentials credentials) {
    boolean there = TlsProbe.isSpoken(address, PATIENCE);
    if (there != (credentials != null)) {
      findings.wrong(
          "tls",
          there
              ? "this side uses plaintext, but the coordinator asks for TLS"
              : "this side uses TLS, but the coordinator answers in plaintext",
          there ? "Give --certs here too." : "Start it with --certs too, or leave --certs out.");
    }
    return there == (credentials != null);
  }

  private void tls(Endpoint endpoint) {
    Credentials credentials = endpoint.credentials();
    if (credentials != null) {
      findings.good(
          "tls",
          "each side accepts the other's certificate; ours is "
              + credentials.certificate()
              + ", both are signed by "
              + credentials.authority());
    } else if (endpoint.address().getAddress().isLoopbackAddress()) {
      findings.good("tls", "none, and none is needed on the loopback address");
    } else {
      findings.notable(
          "tls",
          "none: others on the network can read the token and the training",
          "Make certificates with 'weir certs' and give them by --certs to both sides.");
    }
  }

  /** Asks with the token, and measures; null if the coordinator does not answer. */
  @Nullable Echo echo(Endpoint endpoint) throws InterruptedException {
    try (ProbeStream stream = new ProbeStream(endpoint, ANSWER_PATIENCE)) {
      try {
        Echo first = stream.ask(0, 0);
        tls(endpoint);
        findings.good("token", "accepted by the coordinator");
        protocol(first);
        clock(stream);
        roundTrip(stream);
        bandwidth(stream);
        return first;
      } catch (UserException e) {
        findings.wrong(stream.failed(), e);
        return null;
      }
    }
  }

  private void protocol(Echo echo) {
    if (echo.getProtocol() == Protocol.VERSION) {
      findings.good("protocol", "version " + Protocol.VERSION + " on both sides");
    } else {
      findings.wrong(
          "protocol",
          "version " + Protocol.VERSION + " here and " + echo.getProtocol() + " there",
          "Run the same version of Weir on both.");
    }
  }

  private void clock(ProbeStream stream) throws InterruptedException {
    long before = System.currentTimeMillis();
    long theirs = stream.ask(0, 0).getUnixMillis();
    long difference = theirs - (before + System.currentTimeMillis()) / 2;
    String found = "differs from the coordinator's by " + Math.abs(difference) + " ms";
    if (Math.abs(difference) > MAX_CLOCK_DIFFERENCE_MS) {
      findings.wrong("clock", found, "Set both by NTP: certificates are valid by the clock.");
    } else {
      findings.good("clock", found);
    }
  }

  private void roundTrip(ProbeStream stream) throws InterruptedException {
    long[] ns = new long[ROUND_TRIPS];
    for (int i = 0; i < ns.length; i++) {
      ns[i] = time(stream, 0, 0);
    }
    long[] sorted = LongStream.of(ns).sorted().toArray();
    findings.good(
        "round trip",
        String.format(
            Locale.ROOT,
            "%.2f ms (median of %d, longest %.2f ms)",
            sorted[ns.length / 2] / 1e6,
            ns.length,
            sorted[ns.length - 1] / 1e6));
  }

  private void bandwidth(ProbeStream stream) throws InterruptedException {
    long up = Long.MAX_VALUE;
    long down = Long.MAX_VALUE;
    for (int i = 0; i < TRANSFERS; i++) {
      up = Math.min(up, time(stream, ProbeStream.MAX_BYTES, 0));
      down = Math.min(down, time(stream, 0, ProbeStream.MAX_BYTES));
    }
    findings.good(
        "bandwidth",
        String.format(
            Locale.ROOT,
            "%.0f Mbit/s to the coordinator, %.0f Mbit/s from it, by 1 MiB at a time",
            megabits(up),
            megabits(down)));
  }

  private static double megabits(long ns) {
    return ProbeStream.MAX_BYTES * 8.0 / ns * 1e3;
  }

  private static long time(ProbeStream stream, int sent, int asked) throws InterruptedException {
    long start = System.nanoTime();
    stream.ask(sent, asked);
    return System.nanoTime() - start;
  }
}
