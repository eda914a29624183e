package dev.weir.spark;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * One run: the data to files, the coordinator beside the driver, the workers as Spark tasks. All
 * state lives with the coordinator, so whatever Spark kills and starts again joins in again.
 */
final class SparkRun {
  private final SparkContext context;
  private final @Nullable Dataset<Row> data;
  private final TrainOptions options;
  private final Path directory;
  private final Libraries libraries;
  private final boolean isNew;

  SparkRun(SparkSession spark, @Nullable Dataset<Row> data, TrainOptions options) {
    options.check();
    this.context = spark.sparkContext();
    this.data = data;
    this.options = options;
    this.directory = Path.of(options.runDirectory).toAbsolutePath().normalize();
    this.isNew = !Files.exists(directory);
    requireBarrier();
    requireFree();
    this.libraries = Libraries.unpacked();
  }

  /** Trains to the end. */
  TrainResult train() throws InterruptedException {
    Path folder = libraries.secretFolder();
    try {
      Secrets secrets = Secrets.make(libraries, folder, driverHost());
      train(secrets, coordinatorArguments(secrets));
      return TrainResult.of(directory);
    } catch (UserException e) {
      deleteUnlessBegun();
      throw e;
    } finally {
      FileUtils.deleteQuietly(folder.toFile());
    }
  }

  /** So that the mistake can be mended and the same folder given again. */
  private void deleteUnlessBegun() {
    if (isNew && !Files.exists(directory.resolve("mask.weir"))) {
      FileUtils.deleteQuietly(directory.toFile());
    }
  }

  private void train(Secrets secrets, List<String> arguments) throws InterruptedException {
    boolean hasData = sendData();
    try (CoordinatorProcess coordinator =
        new CoordinatorProcess(
            libraries, options.heap, arguments, secrets.token(), options.output)) {
      String address = driverHost() + ":" + coordinator.awaitPort();
      Invitation invitation =
          new Invitation(address, secrets.token(), secrets.worker(), hasData, options.heap);
      WorkerStage stage = new WorkerStage(context);
      Exception failure = run(stage, invitation, coordinator);
      String mistake = stage.mistake();
      if (mistake != null) {
        throw new UserException(mistake);
      }
      if (failure != null && coordinator.isAlive()) {
        throw new UserException(
            "the Spark job of the workers",
            withoutTrace(failure),
            "Spark's log says more. What was trained is kept: go on by --resume, or resume(true).");
      }
      if (!coordinator.awaitFinished()) {
        throw coordinator.failure();
      }
    }
  }

  private @Nullable Exception run(
      WorkerStage stage, Invitation invitation, CoordinatorProcess coordinator) {
    try {
      stage.run(invitation, options.workers, options.elastic, coordinator);
      return null;
    } catch (Exception e) { // A SparkException, which Scala does not declare.
      return e;
    }
  }

  /** Spark's message, which holds the traces of executor and driver. */
  private static String withoutTrace(Exception failure) {
    return String.valueOf(failure.getMessage())
        .lines()
        .filter(line -> !line.startsWith("\tat ") && !line.startsWith("Driver stacktrace"))
        .collect(Collectors.joining("\n"))
        .strip();
  }

  private List<String> coordinatorArguments(Secrets secrets) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "coordinator",
                "--run-dir",
                directory.toString(),
                "--listen",
                context.getConf().get("spark.driver.bindAddress", driverHost())
                    + ":"
                    + options.port,
                "--certs",
                secrets.coordinator().toString(),
                "--await-workers",
                String.valueOf(options.elastic ? 1 : options.workers)));
    if (!options.admin.equals("off")) {
      arguments.addAll(List.of("--admin", options.admin));
    }
    arguments.addAll(options.resume ? List.of("--resume") : jobArguments());
    return arguments;
  }

  private List<String> jobArguments() {
    List<String> settings = new ArrayList<>(options.overrides);
    if (data != null) {
      settings.add("data.source=files");
      settings.add("data.textColumn=" + TableData.TEXT);
      settings.add("data.labelColumn=" + TableData.LABEL);
      settings.add("data.train=" + write(data, "the data"));
      Dataset<Row> heldOut = options.heldOut;
      settings.add("data.heldOut=" + (heldOut == null ? "" : write(heldOut, "the held-out data")));
    }
    List<String> arguments = new ArrayList<>(List.of("--job", jobFile()));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return arguments;
  }

  private String jobFile() {
    if (options.job != null) {
      return options.job;
    }
    try {
      Path file = Files.createTempFile(dataFolder(), "job", ".yaml");
      return Files.writeString(file, "name: spark\n").toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + directory, e);
    }
  }

  private Path write(Dataset<Row> rows, String name) {
    return DataFile.write(
        new TableData(rows, name, options.textColumn, options.labelColumn),
        dataFolder(),
        DataFile.MAX_BYTES);
  }

  private Path dataFolder() {
    try {
      return Files.createDirectories(directory.resolve("data"));
    } catch (IOException e) {
      throw new UserException(
          directory.toString(),
          "the run directory cannot be made: " + e.getMessage(),
          "Choose another folder of the driver's machine.");
    }
  }

  /** Has Spark send the files of the data to executors; false if the job has data of its own. */
  private boolean sendData() {
    Path folder = directory.resolve("data");
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> tables = files.filter(file -> file.toString().endsWith(".jsonl")).toList();
      tables.forEach(file -> context.addFile(file.toUri().toString()));
      return !tables.isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private String driverHost() {
    return context.getConf().get("spark.driver.host");
  }

  private void requireBarrier() {
    if (!options.elastic
        && context.getConf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new UserException(
          "spark.dynamicAllocation.enabled",
          "executors come and go, but a barrier stage needs all of them at once",
          "Set it to false, or let tasks stand alone: elastic(true), or --elastic.");
    }
  }

  private void requireFree() {
    if (options.heldOut != null && data == null) {
      throw new UserException(
          "the held-out data",
          "are given without data to train on",
          "Give both, or let the job name its files.");
    }
    boolean isTaken = Files.exists(directory.resolve("job.yaml"));
    if (isTaken && !options.resume) {
      throw new UserException(
          directory.toString(),
          "holds a run already",
          "Go on with it by resume(true), or --resume; or choose another run directory.");
    }
    if (!isTaken && options.resume) {
      throw new UserException(
          directory.toString(),
          "this is not a run directory: it has no job.yaml",
          "Give the run directory of the run to go on with.");
    }
  }
}
