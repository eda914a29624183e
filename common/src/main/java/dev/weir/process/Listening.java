package dev.weir.process;

import org.jspecify.annotations.Nullable;

/** The first line that a coordinator prints: where it listens. */
public final class Listening {
  private static final String BEGINNING = "listening on ";

  private Listening() {}

  /** The line for an address, {@code host:port}. */
  public static String line(String address) {
    return BEGINNING + address;
  }

  /** The address in a line, or null if it is another line. */
  public static @Nullable String address(String line) {
    return line.startsWith(BEGINNING) ? line.substring(BEGINNING.length()) : null;
  }
}
