package dev.weir.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Binds ports that another process may be about to give back. */
public final class Bind {
  /** A process that is being killed may hold its ports for a moment longer than its locks. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int RETRY_MS = 10;

  private Bind() {}

  /** Binds something to a port. */
  @FunctionalInterface
  public interface Binding<T> {
    /**
     * Does it.
     *
     * @throws IOException if the port cannot be had
     */
    T bind() throws IOException;
  }

  /**
   * Binds a port, trying again for a moment while it is in use.
   *
   * @return what the binding makes
   * @throws IOException if the port cannot be had
   */
  public static <T> T patiently(Binding<T> binding) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return binding.bind();
      } catch (IOException e) {
        if (!NetworkReason.of(e).contains("in use") || System.nanoTime() - deadlineNs > 0) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a port was in use");
    }
  }
}
