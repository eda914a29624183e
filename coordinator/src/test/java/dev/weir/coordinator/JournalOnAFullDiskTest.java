package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.coordinator.journal.Journal;
import dev.weir.coordinator.journal.WriteFailure;
import dev.weir.state.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal on a disk without room keeps what it holds, says what it needs, and goes on later. */
class JournalOnAFullDiskTest {
  private static final int[] SUMS = {1000, 0, 0, -5, 0, 0, 7, 0, 0, 0};

  private final FullDisk disk = new FullDisk(1 << 14);
  private Path folder;
  private Journal journal;
  private TrainingState twin;

  @BeforeEach
  void begin() {
    folder = disk.folder().resolve("journal");
    journal = Journal.create(folder, TinyRun.initialState());
    twin = TinyRun.initialState();
  }

  @AfterEach
  void end() throws Exception {
    journal.close();
    disk.close();
  }

  private void step() {
    journal.append(journal.state().step(), 0, 0.5, SUMS);
    journal.state().commit(0, SUMS);
    twin.commit(0, SUMS);
  }

  @Test
  void aSealedRecordOfAnImpossibleAttemptIsDamage() throws Exception {
    step();
    journal.append(1, -2, 0.5, SUMS);
    assertThat(resumed()).isEqualTo(twin.digest());
  }

  private String resumed() {
    try (Journal again = Journal.resume(folder, twin.rule())) {
      return again.state().digest();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 48})
  void aStepThatFindsNoRoomIsNotInTheJournalUntilItIsWrittenAgain(int room) throws Exception {
    step();
    disk.fill(room); // A record of 68 bytes is torn at every place.
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> journal.append(1, 0, 0.5, SUMS))
          .isInstanceOf(WriteFailure.class)
          .hasMessageContaining("cannot write 68 bytes to ")
          .hasMessageContaining("/journal/steps-0.log")
          .hasMessageContaining(room + " bytes are free there");
    }
    assertThat(resumed()).isEqualTo(twin.digest());

    disk.free();
    step();
    step();
    assertThat(resumed()).isEqualTo(twin.digest());
    assertThat(twin.step()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 64, 112})
  void aSnapshotThatFindsNoRoomLeavesTheLogInUse(int room) throws Exception {
    step();
    List<String> before = names();
    disk.fill(room);
    assertThatThrownBy(journal::compact)
        .isInstanceOf(WriteFailure.class)
        .hasMessageContaining("state-1.weir");
    assertThat(names()).isEqualTo(before);
    assertThat(resumed()).isEqualTo(twin.digest());

    disk.free();
    step();
    assertThat(resumed()).isEqualTo(twin.digest());
    journal.compact();
    step();
    assertThat(resumed()).isEqualTo(twin.digest());
    assertThat(names()).containsExactly("state-2.weir", "steps-2.log");
  }

  @Test
  void aDueSnapshotIsTriedAgainWhenTheLogHasGrownByTheSizeOfOne() throws Exception {
    while (!compactionFails()) {
      step();
    }
    step();
    disk.fill(0);
    journal.compactIfDue(); // Not due yet: nothing is tried.
    disk.free();
    while (names().contains("steps-0.log")) {
      step();
      journal.compactIfDue();
    }
    assertThat(resumed()).isEqualTo(twin.digest());
  }

  private boolean compactionFails() throws Exception {
    disk.fill(0);
    try {
      journal.compactIfDue();
      return false;
    } catch (WriteFailure e) {
      return true;
    } finally {
      disk.free();
    }
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
