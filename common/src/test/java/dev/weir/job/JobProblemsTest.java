package dev.weir.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobProblemsTest {
  @TempDir Path folder;

  @Test
  void everyProblemIsReportedAtOnceInTheOrderOfTheLines() {
    String yaml =
        """
        name: my job
        seeds: 3
        model: big
        method:
          name: bitfit
          density: 0.01
          fisher: expect
        training:
          batch_size: 8
          batchSize: 2
          steps: "40"
          shards: 3
          steps: 50
          optimizer:
            nesterov: yes
            learningRate: [1, 2]
            beta1: 1
        communication:
          failureTimeout: 2 seconds
        [1]: x
        """;

    assertThat(problems(yaml, "speed=1", "training.schedule=flat", "seed"))
        .isEqualTo(
            """
            --set speed=1: unknown key speed
              Did you mean seed?
            --set training.schedule=flat: training.schedule is a section, not a key
              Name one of its keys: training.schedule.shape, training.schedule.warmup.
            --set seed: has no value
              Write it as key=value: --set training.steps=100.
            job.yaml:1: name is "my job", but must be 1 to 64 letters, digits, dots, dashes and underscores
              Begin with a letter or digit, without spaces: minilm-grammar.
            job.yaml:2: unknown key seeds
              Did you mean seed?
            job.yaml:3: model is "big", but must be a section of keys
              Put its keys on lines of their own, indented below it.
            job.yaml:6: method.density is given, but is not allowed with method.name bitfit
              That method chooses by itself. Remove the key; on the command line: --set method.density=
            job.yaml:7: method.fisher is "expect", but must be empirical or expected
              Did you mean expected?
            job.yaml:9: unknown key training.batch_size
              Did you mean training.batchSize?
            job.yaml:11: training.steps is a text in quotes, but must be a whole number from 1 to 1000000000
              Write it without quotes.
            job.yaml:12: training.shards is 3, but must be at most training.batchSize, 2
              Every shard needs a sample: fewer shards, or a larger batch.
            job.yaml:13: training.steps is given twice, but may be given once; it already is in line 11
              Remove one of the two.
            job.yaml:15: training.optimizer.nesterov is "yes", but must be true or false
            job.yaml:16: training.optimizer.learningRate is a list, but must be a number greater than 0
            job.yaml:17: training.optimizer.beta1 is "1", but must be a number at least 0 and less than 1
            job.yaml:19: communication.failureTimeout is "2 seconds", but must be a duration (500ms, 2s, 1m) from 100ms to 1h
            job.yaml:20: a key must be a word, not a list""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed | 9223372036854775808",
        "seed | 1.5",
        "training.steps | 0",
        "training.steps | 99999999999",
        "training.steps | 0x10",
        "training.shards | -1",
        "method.density | 0",
        "method.density | 1.0000001",
        "method.density | 0.5%",
        "method.density | 1e-400",
        "training.clipNorm | .inf",
        "training.clipNorm | 1e400",
        "training.clipNorm | NaN",
        "training.clipNorm | 1d",
        "data.heldOutFraction | 1",
        "data.source | File",
        "method.name | Fisher",
        "communication.failureTimeout | 99ms",
        "communication.failureTimeout | 999999999999h",
        "communication.failureTimeout | 2",
        "communication.topology | ring",
        "training.optimizer.nesterov | on",
      })
  void valueThatIsNotAllowedIsReportedWithWhatIs(String path, String value) {
    String allowed =
        KeySpec.of(Job.class, "").stream()
            .filter(key -> key.path().equals(path))
            .findFirst()
            .orElseThrow()
            .allowed();

    assertThat(problems("{}", path + "=" + value))
        .startsWith("--set " + path + "=" + value)
        .contains(path + " is \"" + value + "\", but must be " + allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method.density | 1",
        "training.optimizer.beta1 | 0",
        "training.optimizer.weightDecay | -0",
        "communication.failureTimeout | 1h",
        "communication.chunkLength | 64",
        "seed | -9223372036854775808",
        "training.schedule.warmup | 1",
      })
  void endsOfTheRangesAreAllowed(String path, String value) {
    assertThat(JobFile.parse("{}", "test", List.of(path + "=" + value))).isNotNull();
  }

  @Test
  void keyWithoutValueIsReportedUnlessItNeedsNone() {
    assertThat(problems("training:\n  steps:\ndata:\n  train:\n"))
        .isEqualTo(
            """
            job.yaml:2: training.steps is nothing, but must be a whole number from 1 to 1000000000
              Remove the key for its default, 400.""");
  }

  @Test
  void sixteenBitsAreForFewShards() {
    assertThat(
            problems(
                "training: {batchSize: 500, shards: 129}\ncommunication: {precision: fixed16}"))
        .isEqualTo(
            """
            job.yaml:1: training.shards is 129, but must be at most 128 with communication.precision fixed16
              The sum of all shards has 16 bits, and each needs some: fewer shards, or fixed32.""");
  }

  @Test
  void theOuterStepGoesWithLocalStepsOnly() {
    assertThat(problems("communication: {outer: {combine: sum}}"))
        .isEqualTo(
            """
            job.yaml:1: communication.outer.combine is given, but is only allowed with communication.everySteps above 1; it is 1
              Without local steps there is nothing to combine: remove the key, or set everySteps.""");
    assertThat(problems("communication: {everySteps: 2, outer: {combine: sum, momentum: 0.5}}"))
        .isEqualTo(
            """
            job.yaml:1: communication.outer.momentum is given, but is only allowed with communication.outer.combine nesterov; it is sum
              Write combine: nesterov, or remove the key.""");
  }

  @Test
  void filesGoWithTheirSourceOnly() {
    assertThat(problems("data: {train: a.csv, heldOut: b.csv}"))
        .contains("data.train is given, but is only allowed with data.source files")
        .contains("data.heldOut is given, but is only allowed with data.source files");
    assertThat(problems("data: {source: files}"))
        .isEqualTo(
            """
            job.yaml:1: data.train is missing, but is required with data.source files
              Name the file to train on.""");
  }

  @Test
  void ruleOverTwoKeysIsSilentWhereOneOfThemIsWrongAnyway() {
    assertThat(problems("training: {batchSize: two, shards: 100}")).doesNotContain("shards");
    assertThat(problems("method: {name: bitft, density: 0.1}")).doesNotContain("density");
    assertThat(problems("data: {source: fils, train: a.csv}")).doesNotContain("train");
    assertThat(problems("data: files", "data.train=a.csv")).doesNotContain("data.train is");
  }

  @Test
  void rulesHoldForDefaultsToo() {
    assertThat(problems("seed: 1\ntraining: {batchSize: 3}"))
        .startsWith("job.yaml:2: training.shards is 4, but must be at most training.batchSize, 3");
  }

  @Test
  void keyInTheWrongSectionIsSentToItsOwn() {
    assertThat(problems("learning_rate: 0.1"))
        .contains("Did you mean training.optimizer.learningRate?");
    assertThat(problems("{}", "shards=2")).contains("Did you mean training.shards?");
    assertThat(problems("unheardOf: 1")).contains("Known here are name, seed, model");
  }

  @Test
  void brokenYamlIsReportedWithItsLine() {
    assertThat(problems("a: 1\nb: [1, 2\nc: 3\n")).startsWith("job.yaml:3: not valid YAML: ");
    assertThat(problems("a:\n\tb: 2\n"))
        .startsWith("job.yaml:2: not valid YAML: ")
        .contains("(Do not use \\t(TAB) for indentation)");
    assertThat(problems("name: \"\\x"))
        .startsWith("job.yaml: not valid YAML: an escape in a quoted text breaks off");
    assertThat(problems("a: 1\nb: \u0007\n"))
        .startsWith("job.yaml:2: not valid YAML: the character U+0007 is not allowed");
    assertThat(problems("seed: 1\n---\nseed: 2\n")).startsWith("job.yaml:2: not valid YAML: ");
  }

  @Test
  void textWithoutKeysIsNoJob() {
    assertThat(problems("")).startsWith("job.yaml: is empty");
    assertThat(problems("# nothing\n")).startsWith("job.yaml: is empty");
    assertThat(problems("null")).startsWith("job.yaml: is empty");
    assertThat(problems("- 1\n- 2\n")).startsWith("job.yaml:1: is a list, but must be a mapping");
    assertThat(problems("hello")).startsWith("job.yaml:1: is \"hello\", but must be a mapping");
  }

  @Test
  void tagsCreateNothing() {
    assertThat(problems("seed: !!java.net.URL 1\ntraining: !mine {steps: 1}"))
        .contains("job.yaml:1: seed has the tag \"tag:yaml.org,2002:java.net.URL\"")
        .contains("job.yaml:2: training has the tag \"!mine\"");
  }

  @Test
  void aliasesMayRepeatAValueButNotBlowUp() {
    assertThat(JobFile.parse("seed: &s 7\ntraining: {steps: *s}", "test").training().steps())
        .isEqualTo(7);
    assertThat(problems("training: &t {optimizer: *t}")).contains("unknown key");

    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 60; i++) {
      String below = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s, %s, %s]\n".formatted(i, i, below, below, below));
    }
    assertThat(problems(bomb.toString())).contains("aliases");
  }

  @Test
  void messagesStayShortAndOnTheirLines() {
    assertThat(problems("{}", "training.steps=" + "9\n".repeat(4000)))
        .hasSizeLessThan(300)
        .hasLineCount(1);

    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      many.append("k").append(i).append(": 1\n");
    }
    assertThat(problems(many.toString())).endsWith("and 900 problems more");
  }

  @Test
  void fileThatCannotBeReadSaysWhy() throws IOException {
    Path file = folder.resolve("job.yaml");
    assertThat(loadProblems(file)).startsWith(file + ": there is no such file");
    assertThat(loadProblems(folder)).startsWith(folder + ": is not a file");

    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xe4});
    assertThat(loadProblems(file)).startsWith(file + ": is not in UTF-8");

    Files.write(file, new byte[(1 << 20) + 1]);
    assertThat(loadProblems(file))
        .startsWith(file + ": has 1048577 bytes, but a job file may have 1048576");
    assertThat(problems(" ".repeat((1 << 20) + 1))).contains("but a job file may have 1048576");
  }

  private static String loadProblems(Path file) {
    return message(() -> JobFile.load(file, List.of()));
  }

  private static String problems(String yaml, String... overrides) {
    return message(() -> JobFile.parse(yaml, "job.yaml", List.of(overrides)));
  }

  private static String message(Runnable reading) {
    UserException e = catchThrowableOfType(UserException.class, reading::run);
    assertThat(e).as("a refusal").isNotNull();
    return e.getMessage();
  }
}
