package dev.weir.coordinator;

import dev.weir.fuzz.Damage;
import dev.weir.fuzz.Tries;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages a journal, and lets peers do whatever comes to mind. Whatever is damaged, the journal
 * resumes at a state that was committed, or refuses; whatever peers do, an honest worker comes to
 * the bits of an undisturbed run.
 */
class RunFuzzTest {
  private static final int SCRIPTS = 100;
  private static final int MAX_SCRIPT = 48;

  @ParameterizedTest
  @EnumSource(names = {"SEALED_LOG", "LOG", "SNAPSHOT"})
  void damagedJournals(RunTarget target) throws Exception {
    byte[] sound = target.sound();
    Tries.of(RunFuzzTest.class, target, seed -> new Damage(new Random(seed)).of(sound));
  }

  @Test
  void peersThatDoWhateverComesToMind() {
    Tries.of(RunFuzzTest.class, RunTarget.SESSION, RunFuzzTest::script, SCRIPTS);
  }

  /** Half of them join first, as otherwise most would be refused by their first message. */
  private static byte[] script(long seed) {
    Random random = new Random(seed);
    byte[] script = new byte[2 + random.nextInt(MAX_SCRIPT - 1)];
    random.nextBytes(script);
    if (random.nextBoolean()) {
      script[0] = 0;
      script[1] = 1;
    }
    return script;
  }
}
