package dev.weir.coordinator.view;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis with round ticks.
 *
 * @param low its lower end, a tick
 * @param high its upper end, a tick
 * @param unit distance between ticks: 1, 2 or 5 times a power of ten
 */
record Scale(double low, double high, double unit) {
  /** The axis of about {@code ticks} intervals that holds low to high. */
  static Scale over(double low, double high, int ticks) {
    double span = high > low ? high - low : Math.max(Math.abs(high), 1);
    double rough = span / ticks;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double factor = rough / power;
    double unit = power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    double from = Math.floor(low / unit) * unit;
    double to = Math.ceil(high / unit) * unit;
    return new Scale(from, to > from ? to : from + unit, unit);
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (long i = Math.round(low / unit); i <= Math.round(high / unit); i++) {
      ticks.add(i * unit);
    }
    return ticks;
  }

  /** A tick's value with as many digits as the unit needs. */
  String label(double value) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(unit) + 1e-9));
    return Text.format("%,." + digits + "f", value);
  }
}
