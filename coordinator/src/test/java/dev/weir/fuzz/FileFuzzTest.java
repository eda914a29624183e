package dev.weir.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.problem.UserException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages files and messages in all kinds of ways and gives them to their readers. A reader may
 * accept what happens to be sound, or refuse it as the user's mistake; anything else is a bug, and
 * is reported with the seed that replays it. {@code bench/fuzz} looks further, guided by coverage.
 *
 * <p>{@code -Dweir.fuzz.cases=N} sets the number of cases for each reader, {@code
 * -Dweir.fuzz.seed=N} the first seed.
 */
class FileFuzzTest {
  private static final long CASES = Long.getLong("weir.fuzz.cases", 300);
  private static final long FIRST_SEED = Long.getLong("weir.fuzz.seed", 1);

  @ParameterizedTest
  @EnumSource
  void damaged(FileTarget target) throws Exception {
    byte[] sound = target.sound();
    target.read(sound.clone());
    long refused = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      byte[] damaged = new Damage(new Random(seed)).of(sound);
      try {
        target.read(damaged);
      } catch (UserException e) {
        refused++;
      } catch (Throwable e) {
        throw new AssertionError(target + ": seed " + seed + " ends in " + e, e);
      }
    }
    System.out.printf("%s: %d cases, %d refused%n", target, CASES, refused);
    if (!target.name().startsWith("FRAME")) { // What is no message is told apart by its type.
      assertThat(refused).as("damage was found").isPositive();
    }
  }
}
