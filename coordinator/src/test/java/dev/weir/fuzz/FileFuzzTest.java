package dev.weir.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages files and messages in all kinds of ways and gives them to their readers. A reader may
 * accept what happens to be sound, or refuse it as the user's mistake; anything else is a bug.
 * {@code bench/fuzz} looks further, guided by coverage.
 */
class FileFuzzTest {
  @ParameterizedTest
  @EnumSource
  void damaged(FileTarget target) throws Exception {
    byte[] sound = target.sound();
    target.read(sound.clone());
    long refused =
        Tries.of(FileFuzzTest.class, target, seed -> new Damage(new Random(seed)).of(sound));
    if (!target.name().startsWith("FRAME")) { // What is no message is told apart by its type.
      assertThat(refused).as("damage was found").isPositive();
    }
  }
}
