package dev.weir.cli;

import dev.weir.problem.UserException;
import java.net.InetSocketAddress;

/** Addresses as people write them. */
public final class Addresses {
  private Addresses() {}

  /**
   * Parses {@code host:port}, resolving the host.
   *
   * @param option the option it was given to, for messages
   */
  public static InetSocketAddress parse(String option, String text) {
    InetSocketAddress parsed = parseUnresolved(option, text);
    InetSocketAddress address = new InetSocketAddress(parsed.getHostString(), parsed.getPort());
    if (address.isUnresolved()) {
      throw new UserException(
          option,
          "the name '" + address.getHostString() + "' is not known to this machine's resolver",
          "Check its spelling, or give an IP address.");
    }
    return address;
  }

  /** The same without looking the host up: its name may be unknown yet. */
  public static InetSocketAddress parseUnresolved(String option, String text) {
    int colon = text.lastIndexOf(':');
    int port = colon < 0 ? -1 : port(text.substring(colon + 1));
    if (colon < 1 || port < 0) {
      throw new UserException(
          option,
          "'" + text + "' is not of the form host:port with a port from 0 to 65535",
          "Write for example " + option + " 192.0.2.7:7070.");
    }
    return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port <= 65535 ? port : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
