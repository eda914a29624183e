package dev.weir.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.Summary.Score;
import dev.weir.coordinator.journal.Journal;
import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.state.TrainingState;
import dev.weir.task.UpdateRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A waiting coordinator practises on a copy, and tells in time what it could not take over. */
class RehearsalTest {
  private static final String JOB =
      """
      name: rehearsed
      training:
        steps: %d
        shards: 4
        batchSize: 4
        evaluateEvery: 2
      """;

  @TempDir Path folder;
  private RunDirectory run;

  @BeforeEach
  void begin() {
    run = begun(folder.resolve("run"), 20);
  }

  /** A run that was begun, as its coordinator leaves it. */
  private static RunDirectory begun(Path path, int steps) {
    Job job = JobFile.parse(JOB.formatted(steps), "test");
    RunDirectory run = RunDirectory.of(path, job);
    new Foundation(TinyRun.mask().layout().parameters(), "m0del", "da7a", "4 samples")
        .write(run.foundation());
    new MaskChoice(TinyRun.mask(), 0).write(run.mask());
    new Score(0.5, 0, 0.7, 4).write(run.before());
    TrainingState state =
        new TrainingState(UpdateRules.of(job, TinyRun.mask()), new float[TinyRun.VALUES]);
    Journal.create(run.journal(), state).close();
    run.begunWith(job);
    return run;
  }

  @Test
  void aSoundRunCanBeTakenOverAndIsLeftAsItWas() throws Exception {
    Map<String, String> before = contents();

    assertThat(Rehearsal.isPossible(run)).isTrue();
    assertThat(Rehearsal.of(run)).isTrue();

    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void aRunNearItsEndIsNotWorthIt() throws Exception {
    assertThat(Rehearsal.of(begun(folder.resolve("short"), 3))).isTrue();
  }

  @Test
  void whatCannotBeTakenOverIsTold() throws Exception {
    byte[] mask = Files.readAllBytes(run.mask());
    mask[mask.length - 1] ^= 1;
    Files.write(run.mask(), mask);

    assertThat(Rehearsal.of(run)).isFalse();
  }

  @Test
  void aRunThatHasNotBegunIsWaitedFor() throws Exception {
    Files.delete(run.before());

    assertThat(Rehearsal.isPossible(run)).isFalse();
  }

  private Map<String, String> contents() throws Exception {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run.path())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            run.path().relativize(file).toString(),
            HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
