package dev.weir.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the value of a key is written; reading what was written gives the same value. */
sealed interface ScalarType {

  /**
   * The value that a text stands for.
   *
   * @throws IllegalArgumentException if the text is not of this type
   */
  Comparable<?> read(String text);

  /** The text that stands for a value. */
  String write(Object value);

  /** With its article: "a whole number". */
  String noun();

  /** Whether quotes would make a text of it. */
  default boolean isPlain() {
    return false;
  }

  /** The type of a record's component. */
  static ScalarType of(Class<?> type) {
    if (type == int.class) {
      return new WholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (type == long.class) {
      return new WholeNumber(Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == double.class) {
      return new RealNumber();
    } else if (type == boolean.class) {
      return new TrueOrFalse();
    } else if (type == String.class) {
      return new Text();
    } else if (type == Duration.class) {
      return new Time();
    } else if (type.isEnum()) {
      return new Name(type);
    }
    throw new IllegalStateException("a key cannot be a " + type);
  }

  /** Decimal digits, read to an int if that is all that it may be. */
  record WholeNumber(long min, long max) implements ScalarType {
    @Override
    public Comparable<?> read(String text) {
      long value = Long.parseLong(text);
      if (value < min || value > max) {
        throw new IllegalArgumentException();
      }
      return max == Integer.MAX_VALUE ? (Comparable<?>) (int) value : (Comparable<?>) value;
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }

    @Override
    public String noun() {
      return max == Integer.MAX_VALUE ? "a whole number" : "a whole number of 64 bits";
    }

    @Override
    public boolean isPlain() {
      return true;
    }
  }

  /** Decimal, with or without an exponent; finite. */
  record RealNumber() implements ScalarType {
    private static final Pattern SYNTAX =
        Pattern.compile("[+-]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?");

    @Override
    public Comparable<?> read(String text) {
      if (!SYNTAX.matcher(text).matches() || !Double.isFinite(Double.parseDouble(text))) {
        throw new IllegalArgumentException();
      }
      return Double.parseDouble(text) + 0.0; // -0 becomes 0
    }

    @Override
    public String write(Object value) {
      return Decimals.shortest((double) value);
    }

    @Override
    public String noun() {
      return "a number";
    }

    @Override
    public boolean isPlain() {
      return true;
    }
  }

  /** A switch. */
  record TrueOrFalse() implements ScalarType {
    @Override
    public Comparable<?> read(String text) {
      if (!text.equals("true") && !text.equals("false")) {
        throw new IllegalArgumentException();
      }
      return text.equals("true");
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }

    @Override
    public String noun() {
      return "true or false";
    }

    @Override
    public boolean isPlain() {
      return true;
    }
  }

  /** Any text but none. */
  record Text() implements ScalarType {
    @Override
    public Comparable<?> read(String text) {
      if (text.isBlank()) {
        throw new IllegalArgumentException();
      }
      return text;
    }

    @Override
    public String write(Object value) {
      return Quoting.yaml((String) value);
    }

    @Override
    public String noun() {
      return "a text";
    }
  }

  /** A whole number and its unit. */
  record Time() implements ScalarType {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,12})(ms|s|m|h)");

    @Override
    public Comparable<?> read(String text) {
      Matcher matcher = SYNTAX.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException();
      }
      return Duration.ofMillis(Long.parseLong(matcher.group(1)) * millis(matcher.group(2)));
    }

    @Override
    public String write(Object value) {
      long duration = ((Duration) value).toMillis();
      for (String unit : List.of("h", "m", "s")) {
        if (duration != 0 && duration % millis(unit) == 0) {
          return duration / millis(unit) + unit;
        }
      }
      return duration + "ms";
    }

    private static long millis(String unit) {
      return switch (unit) {
        case "h" -> 3_600_000;
        case "m" -> 60_000;
        case "s" -> 1_000;
        default -> 1;
      };
    }

    @Override
    public String noun() {
      return "a duration (500ms, 2s, 1m)";
    }
  }

  /** A constant of an enum, in lower case. */
  record Name(Class<?> type) implements ScalarType {
    @Override
    public Comparable<?> read(String text) {
      for (Object constant : type.getEnumConstants()) {
        if (write(constant).equals(text)) {
          return (Comparable<?>) constant;
        }
      }
      throw new IllegalArgumentException();
    }

    @Override
    public String write(Object value) {
      return ((Enum<?>) value).name().toLowerCase(Locale.ROOT);
    }

    List<String> names() {
      return Arrays.stream(type.getEnumConstants()).map(this::write).toList();
    }

    @Override
    public String noun() {
      return "a name";
    }
  }
}
