package dev.weir.fuzz;

import dev.weir.problem.UserException;
import java.util.HexFormat;
import java.util.function.LongFunction;

/**
 * Gives a target one case after another, each made from its seed alone. A finding is reported with
 * seed, bytes and the command that replays it.
 *
 * <p>{@code -Dweir.fuzz.cases=N} sets the number of cases for each target, {@code
 * -Dweir.fuzz.seed=N} the first seed.
 */
public final class Tries {
  private static final int DEFAULT_CASES = 300;
  private static final int SHOWN_BYTES = 2048;

  private Tries() {}

  /** Tries as many cases as usual, or as the properties say. Returns how many were refused. */
  public static long of(Class<?> test, Target target, LongFunction<byte[]> input) {
    return of(test, target, input, DEFAULT_CASES);
  }

  /** The same with another usual number of cases. */
  public static long of(Class<?> test, Target target, LongFunction<byte[]> input, long usualCases) {
    long cases = Long.getLong("weir.fuzz.cases", usualCases);
    long first = Long.getLong("weir.fuzz.seed", 1);
    long refused = 0;
    for (long seed = first; seed < first + cases; seed++) {
      byte[] bytes = input.apply(seed);
      String shown = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES));
      try {
        target.read(bytes);
      } catch (UserException e) {
        refused++;
      } catch (Throwable e) {
        throw new AssertionError(
            String.format(
                "%s ends in %s%n  seed %d; bytes in hexadecimal%s: %s%n"
                    + "  replay: mvn -pl coordinator -am test -Dtest=%s"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dweir.fuzz.seed=%d"
                    + " -Dweir.fuzz.cases=1",
                target,
                e,
                seed,
                bytes.length > SHOWN_BYTES ? ", the first " + SHOWN_BYTES : "",
                shown,
                test.getSimpleName(),
                seed),
            e);
      }
    }
    System.out.printf("%s: %d cases, %d refused%n", target, cases, refused);
    return refused;
  }
}
