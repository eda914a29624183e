package dev.weir.coordinator;

import dev.weir.fuzz.Damage;
import dev.weir.problem.UserException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages a journal, and lets peers do whatever comes to mind. Whatever is damaged, the journal
 * resumes at a state that was committed, or refuses; whatever peers do, an honest worker comes to
 * the bits of an undisturbed run.
 *
 * <p>{@code -Dweir.fuzz.cases=N} and {@code -Dweir.fuzz.seed=N} as in FileFuzzTest.
 */
class RunFuzzTest {
  private static final long CASES = Long.getLong("weir.fuzz.cases", 300);
  private static final long FIRST_SEED = Long.getLong("weir.fuzz.seed", 1);

  @ParameterizedTest
  @EnumSource(names = {"SEALED_LOG", "LOG", "SNAPSHOT"})
  void damagedJournals(RunTarget target) throws Exception {
    byte[] sound = target.sound();
    long refused = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      try {
        target.read(new Damage(new Random(seed)).of(sound));
      } catch (UserException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError(target + ": seed " + seed + " ends in " + e, e);
      }
    }
    System.out.printf("%s: %d cases, %d refused%n", target, CASES, refused);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void peersThatDoWhateverComesToMind(@ForAll @Size(min = 1, max = 48) byte[] script)
      throws Exception {
    RunTarget.SESSION.read(script);
  }
}
