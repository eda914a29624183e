package dev.weir.job;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Decimal text of floating-point numbers. */
final class Decimals {
  private Decimals() {}

  /**
   * The shortest decimal that reads as {@code value}, the same in every release of Java, which
   * {@link Double#toString} is not: it changed in Java 19.
   */
  static String shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; ; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == value) {
        return text(rounded.stripTrailingZeros());
      }
    }
  }

  private static String text(BigDecimal value) {
    boolean isShortWhole = value.scale() <= 0 && value.precision() - value.scale() <= 16;
    return isShortWhole ? value.toPlainString() : value.toString().toLowerCase(Locale.ROOT);
  }
}
