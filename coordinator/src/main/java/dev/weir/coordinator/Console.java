package dev.weir.coordinator;

import dev.weir.coordinator.progress.StepRecord;
import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** What a person sees of a run. Text goes to standard output, the moving bar to standard error. */
final class Console {
  private static final double LINE_SECONDS = 5;

  private final ProgressStyle style;
  private final PrintStream out;
  private @Nullable ProgressBar bar;
  private double secondsSinceLine;
  private double meanLoss = Double.NaN;

  Console(ProgressStyle style, PrintStream out) {
    this.style = style;
    this.out = out;
  }

  /** Prints a line unless only the end is wanted. */
  void print(String format, Object... arguments) {
    if (style != ProgressStyle.NONE) {
      out.printf(Locale.ROOT, format + "%n", arguments);
      out.flush();
    }
  }

  /** Prints a line in any case. */
  void printAlways(String format, Object... arguments) {
    out.printf(Locale.ROOT, format + "%n", arguments);
    out.flush();
  }

  /** Shows that training begins or goes on at {@code step} of {@code steps}. */
  void begin(long step, long steps) {
    if (style == ProgressStyle.BAR) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("training")
              .setInitialMax(steps)
              .startsFrom(step, java.time.Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .hideEta()
              .showSpeed()
              .build();
    }
  }

  /** Shows a step. {@code wire} says what has been exchanged so far. */
  void step(StepRecord record, long steps, String wire) {
    double loss = record.loss();
    if (!record.skipped()) {
      meanLoss = Double.isNaN(meanLoss) ? loss : 0.95 * meanLoss + 0.05 * loss;
    }
    secondsSinceLine += record.seconds();
    if (bar != null) {
      bar.stepTo(record.end());
      bar.setExtraMessage(String.format(Locale.ROOT, " loss %.3f, %s", meanLoss, wire));
    } else if (secondsSinceLine >= LINE_SECONDS || record.end() == steps) {
      print(
          "step %d/%d  loss %.3f  %.2f steps/s  %d workers  %s",
          record.end(), steps, meanLoss, record.steps() / record.seconds(), record.workers(), wire);
      secondsSinceLine = 0;
    }
  }

  /** Ends the bar. */
  void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
