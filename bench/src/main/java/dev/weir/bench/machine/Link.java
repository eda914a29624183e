package dev.weir.bench.machine;

import dev.weir.problem.UserException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What joins every host to the switch, in both directions alike.
 *
 * @param name as it was given
 * @param megabits rate per second, 0 for whatever the machine gives
 * @param roundTripMs added to the way to another host and back, in milliseconds
 */
public record Link(String name, int megabits, int roundTripMs) {
  private static final Pattern NAME =
      Pattern.compile("(unshaped|(\\d{1,6})(mbit|gbit))(?:-(\\d{1,4})ms)?");

  /**
   * Of {@code 100mbit}, {@code 1gbit}, {@code 1gbit-20ms} or {@code unshaped}.
   *
   * @throws UserException of anything else
   */
  public static Link parse(String name) {
    Matcher matcher = NAME.matcher(name.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new UserException(
          "--links",
          name + " is not a link",
          "Write a rate and perhaps a round trip: 100mbit, 1gbit, 1gbit-20ms, or unshaped.");
    }
    int rate = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
    int megabits = "gbit".equals(matcher.group(3)) ? rate * 1000 : rate;
    int roundTripMs = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
    return new Link(name, megabits, roundTripMs);
  }

  /** Whether its rate is held. */
  public boolean isShaped() {
    return megabits > 0;
  }

  /** Whether a round trip is added. */
  public boolean isDelayed() {
    return roundTripMs > 0;
  }
}
