package dev.weir.coordinator;

import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * What a run writes at its end. When all steps are done that waits until there is room for it; a
 * run that was stopped or failed leaves out what it cannot write, since the journal holds
 * everything.
 */
final class LastWrites {
  private static final int RETRY_SECONDS = 1;

  private final boolean patient;
  private final Console console;

  /**
   * @param patient whether to wait until everything is written
   */
  LastWrites(boolean patient, Console console) {
    this.patient = patient;
    this.console = console;
  }

  /** Writes one of them. */
  void write(Runnable write) throws InterruptedException {
    for (boolean first = true; ; first = false) {
      try {
        write.run();
        return;
      } catch (UncheckedIOException e) {
        if (first) {
          console.printAlways(
              patient
                  ? "waiting: %s; free some room, or stop with Ctrl-C and come back with --resume"
                  : "left out: %s; after --resume it can be written again",
              describe(e));
        }
      }
      if (!patient) {
        return;
      }
      TimeUnit.SECONDS.sleep(RETRY_SECONDS);
    }
  }

  private static String describe(UncheckedIOException failure) {
    String message = String.valueOf(failure.getMessage());
    Throwable cause = failure.getCause();
    String reason = cause == null ? "" : String.valueOf(cause.getMessage());
    return message.contains(reason) ? message : message + ": " + reason;
  }
}
