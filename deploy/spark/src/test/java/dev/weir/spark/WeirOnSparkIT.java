package dev.weir.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** weir-spark.jar as it is given to spark-submit: real driver, executors and workers. */
@Execution(ExecutionMode.CONCURRENT)
class WeirOnSparkIT {
  private static final int STEPS = 120;
  private static final String CLUSTER = "local-cluster[2,1,1024]";
  private static final String[] DATA = {
    "--data", "reviews.csv", "--text-column", "review", "--label-column", "stars"
  };

  @TempDir static Path folder;
  private static SparkInstallation spark;
  private static String localDigest = "";
  private final List<JavaCommand.Running> started = new ArrayList<>();

  @BeforeAll
  static void trainLocally() throws Exception {
    Reviews.write(folder, STEPS);
    spark = new SparkInstallation(Files.createDirectory(folder.resolve("spark")));
    String libraries = Path.of("libraries/target/weir-libraries").toAbsolutePath() + "/*";
    JavaCommand.Result result =
        new JavaCommand(
                List.of(
                    "-cp",
                    libraries,
                    "dev.weir.local.Weir",
                    "train",
                    "job.yaml",
                    "--run-dir",
                    "local"),
                Map.of())
            .run(folder);
    assertThat(result.exitCode()).as(result.output()).isZero();
    localDigest = digest("local");
  }

  @AfterEach
  void endAll() {
    started.forEach(JavaCommand.Running::end);
  }

  @Test
  void aKilledExecutorLeavesTheResultOfABarrierStageAsItIs() throws Exception {
    assertThat(surviveAKilledExecutor("barrier")).contains("starting all again (attempt 1)");
  }

  @Test
  void aKilledExecutorLeavesTheResultOfElasticTasksAsItIs() throws Exception {
    assertThat(surviveAKilledExecutor("elastic", "--elastic")).doesNotContain("starting all again");
  }

  @Test
  void aProgramTrainsOnItsOwnTable() throws Exception {
    JavaCommand.Result result =
        start(
                spark.submit(
                    "local[2]", ReviewsProgram.class, "reviews.csv", "job.yaml", "from-program"))
            .await();

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("trained to " + localDigest);
  }

  @Test
  void aMistakeInTheJobIsExplained() throws Exception {
    JavaCommand.Result result =
        start(spark.submit("local[1]", "--set", "training.stepps=3", "--run-dir", "mistaken"))
            .await();

    assertThat(result.exitCode()).as(result.output()).isEqualTo(2);
    assertThat(result.output())
        .contains("error: ", "training.stepps", "Did you mean training.steps?")
        .doesNotContain("Exception");
    assertThat(folder.resolve("mistaken")).doesNotExist();
  }

  private String surviveAKilledExecutor(String run, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--job", "job.yaml", "--run-dir", run));
    arguments.addAll(List.of(DATA));
    arguments.addAll(List.of(more));
    JavaCommand.Running submitted = start(spark.submit(CLUSTER, arguments.toArray(String[]::new)));
    await("step 10", () -> steps(run) >= 10);
    ProcessHandle executor = executors(submitted).get(0);
    List<ProcessHandle> workers = executor.children().toList();
    executor.destroyForcibly();
    assertThat(workers).as("workers of the executor").hasSize(1);
    await("the end of its worker", () -> !workers.get(0).isAlive());
    assertThat(steps(run)).as("killed in the middle").isLessThan(STEPS);

    JavaCommand.Result result = submitted.await();

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(digest(run)).isEqualTo(localDigest);
    assertThat(result.output()).contains(localDigest, "Lost executor");
    assertThat(steps(run)).isEqualTo(STEPS);
    return result.output();
  }

  private JavaCommand.Running start(JavaCommand command) throws IOException {
    JavaCommand.Running running = command.start(folder);
    started.add(running);
    return running;
  }

  private static List<ProcessHandle> executors(JavaCommand.Running submitted) {
    return submitted
        .process()
        .descendants()
        .filter(p -> p.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  private static String digest(String run) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(run).resolve("summary.json").toFile())
        .get("stateDigest")
        .asText();
  }

  private static long steps(String run) throws IOException {
    Path metrics = folder.resolve(run).resolve("metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    }
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(2))
        .until(condition);
  }
}
