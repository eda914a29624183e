package dev.weir.job;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Texts as part of a line. */
final class Quoting {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*+");
  private static final Set<String> OTHER_MEANING =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");
  private static final int SHOWN = 80;

  private Quoting() {}

  /** A YAML scalar, in ASCII, that reads as {@code text}. */
  static String yaml(String text) {
    boolean isPlain = PLAIN.matcher(text).matches();
    return isPlain && !OTHER_MEANING.contains(text.toLowerCase(Locale.ROOT))
        ? text
        : '"' + escaped(text, 0x7e) + '"';
  }

  /** What was given, in quotes, for a message: one line, and not a long one. */
  static String shown(String text) {
    return '"' + bare(text) + '"';
  }

  /** The same without quotes, for the name of something. */
  static String bare(String text) {
    String start = escaped(text.substring(0, Math.min(SHOWN, text.length())), 0xd7ff);
    boolean isWhole = text.length() <= SHOWN && start.length() <= SHOWN;
    return isWhole ? start : start.substring(0, SHOWN) + "…";
  }

  /** Words of a library's as one line of bounded length. */
  static String line(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
    return line.length() <= 3 * SHOWN ? line : line.substring(0, 3 * SHOWN) + "…";
  }

  private static String escaped(String text, int last) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else if (Character.isISOControl(c) || c > last) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
