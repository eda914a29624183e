package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.coordinator.journal.Journal;
import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.state.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a run whose coordinator was killed have each step once. */
class MetricsFileTest {
  private static final int[] SUMS = {1000, 0, 0, -5, 0, 0, 7, 0, 0, 0};

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  private static StepRecord record(long step, double loss) {
    return new StepRecord(
        step, 1, loss, false, 1, 3, 0.25, StepTimes.ZERO, 100 * (step + 1), 10 * (step + 1));
  }

  /** Steps 0 to 2 are in the journal; of step 1 the line was torn, of step 2 none was begun. */
  @Test
  void stepsThatWereCommittedButNotWrittenDownAreTakenFromTheJournal() throws Exception {
    try (MetricsFile metrics = new MetricsFile(file, 0, List.of())) {
      metrics.add(record(0, 0.75));
    }
    Files.writeString(file, "{\"step\":1,\"lo", StandardOpenOption.APPEND);

    try (Journal journal = journalOfThree();
        MetricsFile metrics = new MetricsFile(file, 3, journal.replayed())) {
      assertThat(metrics.history().steps())
          .extracting(StepRecord::step, StepRecord::loss, StepRecord::attempts)
          .containsExactly(tuple(0L, 0.75, 1), tuple(1L, 0.5, 3), tuple(2L, Double.NaN, 0));
      metrics.add(record(3, 0.25));
    }

    assertThat(Files.readAllLines(file))
        .filteredOn(line -> line.contains("unixMillis"))
        .as("lines of steps that were seen to be committed")
        .hasSize(2);
    RunHistory read = new MetricsReader(file, 4).history();
    assertThat(read.steps()).extracting(StepRecord::step).containsExactly(0L, 1L, 2L, 3L);
    assertThat(read.steps()).extracting(StepRecord::loss).contains(0.75, 0.5, Double.NaN, 0.25);
    assertThat(read.steps().get(2).skipped()).isTrue();
    assertThat(read.sentBytes()).isEqualTo(100 + 400);
  }

  private Journal journalOfThree() {
    Path journals = folder.resolve("journal");
    TrainingState state = TinyRun.initialState();
    try (Journal journal = Journal.create(journals, state)) {
      journal.append(0, 0, 0.75, SUMS);
      state.commit(0, SUMS);
      journal.append(1, 2, 0.5, SUMS);
      state.commit(2, SUMS);
      journal.appendSkip(2);
    }
    return Journal.resume(journals, state.rule());
  }
}
