package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.journal.Journal;
import dev.weir.problem.UserException;
import dev.weir.state.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages a journal's log and snapshot. Whatever is damaged, the journal resumes at a state that
 * was committed, or refuses.
 */
class JournalFuzzTest {
  private static final long CASES = Long.getLong("weir.fuzz.cases", 300);
  private static final long FIRST_SEED = Long.getLong("weir.fuzz.seed", 1);
  private static final int STEPS = 4;

  @TempDir Path folder;

  private Set<String> record() {
    Set<String> committed = new HashSet<>();
    TrainingState state = TinyRun.initialState();
    try (Journal journal = Journal.create(folder, state)) {
      committed.add(state.digest());
      for (int step = 0; step < STEPS; step++) {
        int[] sums = new int[TinyRun.VALUES];
        sums[step] = 1000 * (step + 1);
        if (step == 2) {
          journal.appendSkip(step);
          state.skip();
        } else {
          journal.append(step, 0, sums);
          state.commit(0, sums);
        }
        committed.add(state.digest());
      }
    }
    return committed;
  }

  @Test
  void damagedLogs() throws Exception {
    fuzz("steps-0.log");
  }

  @Test
  void damagedSnapshots() throws Exception {
    fuzz("state-0.weir");
  }

  private static byte[] damaged(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    for (int changes = random.nextInt(4); changes >= 0; changes--) {
      int at = random.nextInt(bytes.length);
      bytes[at] = random.nextBoolean() ? (byte) (bytes[at] ^ 1 << random.nextInt(8)) : -1;
    }
    return random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private void fuzz(String name) throws Exception {
    Set<String> committed = record();
    Path file = folder.resolve(name);
    Path log = folder.resolve("steps-0.log");
    byte[] sound = Files.readAllBytes(file);
    byte[] soundLog = Files.readAllBytes(log);
    long refused = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
      Files.write(log, soundLog);
      Files.write(file, damaged(sound, new Random(seed)));
      try (Journal journal = Journal.resume(folder, TinyRun.initialState().rule())) {
        assertThat(committed).as("seed %d", seed).contains(journal.state().digest());
      } catch (UserException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " ends in " + e, e);
      }
    }
    System.out.printf("%s: %d cases, %d refused%n", name, CASES, refused);
  }
}
