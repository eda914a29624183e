package dev.weir.cli;

import dev.weir.problem.UserException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Runs a command and turns what comes of it into an exit code: 0 done, 2 the user's mistake or a
 * file that cannot be read or written (the message is shown and nothing else), 1 ours (the stack
 * trace is logged) or a run that failed, 3 a worker's whose run failed.
 */
public final class Cli {
  /** Done. */
  public static final int DONE = 0;

  /** Our mistake. */
  public static final int INTERNAL = 1;

  /** The user's mistake. */
  public static final int USAGE = 2;

  /**
   * A worker's: it did its part, but the run failed. Another code than 1, since whatever looks
   * after workers starts one again that crashed, and need not start any again for a run that is
   * over.
   */
  public static final int RUN_FAILED = 3;

  private static final Logger log = LoggerFactory.getLogger(Cli.class);

  private Cli() {}

  /** Parses {@code arguments} for {@code command}, runs it and returns its exit code. */
  public static int run(Callable<Integer> command, String... arguments) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((error, line, parsed) -> explain(error))
        .execute(arguments);
  }

  private static int explain(Exception error) {
    if (error instanceof UserException) {
      System.err.println("error: " + error.getMessage());
      return USAGE;
    }
    if (error instanceof UncheckedIOException files) {
      System.err.println("error: " + FileTrouble.explain(files));
      log.debug("where it happened", error);
      return USAGE;
    }
    log.error("this is a bug of Weir, please report it", error);
    return INTERNAL;
  }
}
