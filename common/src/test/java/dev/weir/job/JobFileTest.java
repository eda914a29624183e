package dev.weir.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileTest {
  private static final Path BUNDLED = Path.of("../jobs/minilm-grammar.yaml");

  @TempDir Path folder;

  @Test
  void bundledJobTrainsTheBundledModelOnTheBundledData() {
    Job job = JobFile.load(BUNDLED, List.of());

    assertThat(job.name()).isEqualTo("minilm-grammar");
    assertThat(job.seed()).isEqualTo(1);
    assertThat(job.model().isBundled()).isTrue();
    assertThat(job.data().isBundled()).isTrue();
    assertThat(job.method())
        .isEqualTo(new MethodSection(MethodName.FISHER, 0.005, 256, Fisher.EMPIRICAL, 2));
    assertThat(job.training())
        .isEqualTo(
            new TrainingSection(
                300,
                32,
                4,
                1,
                new OptimizerSection(OptimizerName.ADAMW, 1e-3, 0, 0.9, 0.999, 1e-8, 0.9, true),
                new ScheduleSection(ScheduleShape.LINEAR, 0.06),
                0,
                5,
                50,
                256));
    assertThat(job.communication())
        .isEqualTo(
            new CommunicationSection(
                Topology.HUB,
                Precision.FIXED32,
                1,
                new OuterSection(Combination.MEAN, 0.7, 0.9),
                16384,
                Duration.ofSeconds(2),
                1));
  }

  @Test
  void sectionsThatAreLeftOutOrEmptyHaveTheirDefaults() {
    Job job = JobFile.parse("{}", "test");

    assertThat(JobFile.parse("training:\nmethod:\n  # nothing\n", "test")).isEqualTo(job);
    assertThat(JobFile.parse("training:\n  optimizer: {}\n", "test")).isEqualTo(job);
  }

  @Test
  void optionsWinOverTheFile() {
    Job job =
        JobFile.load(
            BUNDLED,
            List.of(
                "training.steps=5",
                "training.optimizer.name=sgd",
                "training.optimizer.nesterov=false",
                "communication.failureTimeout=500ms",
                "training.steps=7"));

    assertThat(job.training().steps()).isEqualTo(7);
    assertThat(job.training().optimizer().name()).isEqualTo(OptimizerName.SGD);
    assertThat(job.training().optimizer().nesterov()).isFalse();
    assertThat(job.communication().failureTimeout()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void emptyOptionTakesTheKeyOutOfTheFile() {
    Job job = JobFile.load(BUNDLED, List.of("method.name=dense", "method.density="));

    assertThat(job.method().name()).isEqualTo(MethodName.DENSE);
    assertThat(job.method().density()).isEqualTo(1);
  }

  @Test
  void optionMendsWhatTheFileHasWrong() {
    assertThat(
            JobFile.parse("training: {steps: many}", "test", List.of("training.steps=3"))
                .training()
                .steps())
        .isEqualTo(3);
  }

  @Test
  void relativePathsBeginAtTheFolderOfTheFile() throws IOException {
    Files.writeString(folder.resolve("mine.csv"), "text,label\n");
    Files.createDirectories(folder.resolve("models/tiny"));
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file, "model: {source: models/tiny}\ndata: {source: files, train: ./mine.csv}\n");

    Job job = JobFile.load(file, List.of());

    assertThat(job.model().source()).isEqualTo(folder.resolve("models/tiny").toString());
    assertThat(job.data().train()).isEqualTo(folder.resolve("mine.csv").toString());
    assertThat(job.data().heldOut()).isNull();
  }

  @Test
  void pathsThatLeadNowhereAreProblemsOfTheFile() throws IOException {
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file,
        """
        model: {source: all-minilm-l6-v3}
        data:
          source: files
          train: mine.csv
        training: {steps: 0}
        """);

    assertThatThrownBy(() -> JobFile.load(file, List.of("data.heldOut=other.csv")))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(
            file + ":1: model.source is \"all-minilm-l6-v3\"",
            "Did you mean all-minilm-l6-v2?",
            file + ":4: data.train is \"mine.csv\", but must be a file that can be read",
            "there is none at " + folder.resolve("mine.csv"),
            "--set data.heldOut=other.csv: data.heldOut is \"other.csv\"",
            file + ":5: training.steps is \"0\"");
  }

  @Test
  void canonicalTextIsTheWholeJob() {
    Job job = JobFile.parse("data: {source: files, train: my file.csv}", "test");

    assertThat(job.toYaml())
        .isEqualTo(
            """
            name: job
            seed: 1
            model:
              source: all-minilm-l6-v2
              layers: 0
              maxLength: 64
            data:
              source: files
              train: "my file.csv"
              textColumn: text
              labelColumn: label
              heldOutFraction: 0.1
            method:
              name: fisher
              density: 0.005
              samples: 256
              fisher: empirical
              threads: 2
            training:
              steps: 400
              batchSize: 32
              shards: 4
              threads: 1
              optimizer:
                name: adamw
                learningRate: 0.001
                weightDecay: 0
                beta1: 0.9
                beta2: 0.999
                epsilon: 1e-8
                momentum: 0.9
                nesterov: true
              schedule:
                shape: linear
                warmup: 0.06
              clipNorm: 0
              maxSkippedSteps: 5
              evaluateEvery: 0
              evaluateSamples: 0
            communication:
              topology: hub
              precision: fixed32
              everySteps: 1
              chunkLength: 16384
              failureTimeout: 2s
              minWorkers: 1
            """);
  }

  @Test
  void theOuterStepIsWrittenWhereItMeansSomething() {
    String mean = JobFile.parse("communication: {everySteps: 10}", "test").toYaml();
    assertThat(mean).contains("  everySteps: 10\n  outer:\n    combine: mean\n  chunkLength");
    String nesterov =
        JobFile.parse("communication: {everySteps: 10, outer: {combine: nesterov}}", "test")
            .toYaml();
    assertThat(nesterov).contains("combine: nesterov\n    learningRate: 0.7\n    momentum: 0.9\n");
    assertThat(JobFile.parse("communication: {everySteps: 1}", "test").digest())
        .isEqualTo(JobFile.parse("{}", "test").digest());
  }

  @Test
  void digestIsOfTheMeaningAndNotOfTheWriting() {
    Job job = JobFile.parse("training: {optimizer: {learningRate: 1e-3}}", "test");

    assertThat(job.digest())
        .isEqualTo(JobFile.parse("{training: {optimizer: {learningRate: 0.0010}}}", "x").digest())
        .isNotEqualTo(JobFile.parse("seed: 2", "test").digest())
        .matches("[0-9a-f]{64}");
  }
}
