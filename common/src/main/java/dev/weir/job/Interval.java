package dev.weir.job;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Range} says.
 *
 * @param low the lower end, as its key would be written
 * @param isLowOpen whether the lower end is not in it
 * @param high the upper end; null for none
 * @param isHighOpen whether the upper end is not in it
 */
record Interval(String low, boolean isLowOpen, @Nullable String high, boolean isHighOpen) {

  static Interval of(Range range) {
    String text = range.value();
    int comma = text.indexOf(',');
    String high = text.substring(comma + 1, text.length() - 1).strip();
    return new Interval(
        text.substring(1, comma).strip(),
        text.startsWith("("),
        high.equals("∞") ? null : high,
        text.endsWith(")"));
  }

  boolean contains(Comparable<?> value, ScalarType type) {
    return compare(value, type.read(low)) >= (isLowOpen ? 1 : 0)
        && (high == null || compare(value, type.read(high)) <= (isHighOpen ? -1 : 0));
  }

  @SuppressWarnings("unchecked") // both were read by the same type
  private static int compare(Comparable<?> a, Comparable<?> b) {
    return Integer.signum(((Comparable<Object>) a).compareTo(b));
  }

  /** To follow the name of a type: "from 1 to 8", "greater than 0". */
  String words() {
    if (high != null && !isLowOpen && !isHighOpen) {
      return "from " + low + " to " + high;
    }
    String above = (isLowOpen ? "greater than " : "at least ") + low;
    return high == null ? above : above + (isHighOpen ? " and less than " : " and at most ") + high;
  }
}
