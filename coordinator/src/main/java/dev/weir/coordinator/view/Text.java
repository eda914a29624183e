package dev.weir.coordinator.view;

import java.util.Locale;

/** Figures and texts as a page shows them. */
public final class Text {
  private Text() {}

  /** Text that stands for itself in HTML, SVG and their attributes. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** {@link String#format} without the habits of any country. */
  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** Such as {@code 1.3 MB}. */
  public static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** Such as {@code 1.3 MB}. */
  public static String bytes(double bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return format(unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  /** Such as {@code 0.5 %}, with two significant digits below 10 %. */
  public static String percent(double share) {
    double percent = 100 * share;
    if (percent == 0 || percent >= 99.95) {
      return format("%.0f %%", percent);
    }
    if (percent < 0.001) {
      return "&lt; 0.001 %";
    }
    int digits = (int) Math.max(0, 1 - Math.floor(Math.log10(percent)));
    return format("%." + Math.min(digits, 4) + "f %%", percent);
  }

  /** Such as {@code 42 s} or {@code 3 min 20 s}. */
  public static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 100) {
      return whole + " s";
    }
    return whole < 6000
        ? format("%d min %d s", whole / 60, whole % 60)
        : format("%d h %d min", whole / 3600, whole / 60 % 60);
  }

  /** Such as {@code 12} or {@code 0.034}: three significant digits. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || size == 0) {
      return format("%,.0f", value);
    }
    int digits = (int) Math.max(0, 2 - Math.floor(Math.log10(size)));
    return format("%." + Math.min(digits, 6) + "f", value);
  }
}
