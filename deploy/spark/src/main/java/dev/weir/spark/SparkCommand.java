package dev.weir.spark;

import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The arguments of {@code spark-submit … weir-spark.jar}. */
@Command(
    name = "weir-spark.jar",
    description = "Trains a job with a worker in each of several Spark tasks.",
    mixinStandardHelpOptions = true)
final class SparkCommand implements Callable<Integer> {
  @Option(names = "--job", paramLabel = "JOB", description = "The job file, on the driver.")
  private @Nullable String job;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Changes one key of the job, e.g. --set training.steps=100. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--workers",
      defaultValue = "2",
      paramLabel = "N",
      description = "Workers, each a Spark task; by default ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      defaultValue = "weir-run",
      description = "Where the run's files go, on the driver; by default ${DEFAULT-VALUE}.")
  private String runDirectory = "";

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Texts and labels to train on, read by Spark: csv or tsv with column names in the first"
              + " row, json lines, parquet or orc. By default, what the job names.")
  private @Nullable String data;

  @Option(
      names = "--held-out",
      paramLabel = "PATH",
      description = "The same to evaluate on. By default, a share of the data is held out.")
  private @Nullable String heldOut;

  @Option(
      names = "--format",
      description = "csv, tsv, json, parquet or orc; by default, the extension says it.")
  private @Nullable String format;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "Texts and labels: a table in Spark's catalog, instead of --data.")
  private @Nullable String table;

  @Option(
      names = "--text-column",
      defaultValue = "text",
      paramLabel = "NAME",
      description = "Column of the texts in --data or --table; by default ${DEFAULT-VALUE}.")
  private String textColumn = "";

  @Option(
      names = "--label-column",
      defaultValue = "label",
      paramLabel = "NAME",
      description = "Column of the labels; by default ${DEFAULT-VALUE}.")
  private String labelColumn = "";

  @Option(
      names = "--elastic",
      description =
          "Lets tasks stand alone: training begins with the first, and a lost one is retried by"
              + " itself. By default they are a barrier stage.")
  private boolean elastic;

  @Option(names = "--resume", description = "Goes on with the run in --run-dir.")
  private boolean resume;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "The coordinator's port on the driver; by default any free one.")
  private int port;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "off",
      description = "Where to serve the dashboard on the driver; by default nowhere.")
  private String admin = "";

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "1g",
      description =
          "Java heap of the coordinator and of each worker; by default ${DEFAULT-VALUE}. They are"
              + " processes of their own: see spark.executor.memoryOverhead.")
  private String heap = "";

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (data != null && table != null) {
      throw new UserException(
          "--data, --table", "both are given, but data come from one place", "Leave one out.");
    }
    TrainOptions options = options();
    try (SparkSession spark = SparkSession.builder().appName("Weir").getOrCreate()) {
      if (heldOut != null) {
        options.heldOut(TableReader.read(spark, heldOut, format));
      }
      Dataset<Row> rows = rows(spark);
      TrainResult result =
          rows == null
              ? WeirOnSpark.train(spark, options)
              : WeirOnSpark.train(spark, rows, options);
      System.out.println("state    " + result.stateDigest());
      return Cli.DONE;
    }
  }

  private @Nullable Dataset<Row> rows(SparkSession spark) {
    if (table != null) {
      return TableReader.table(spark, table);
    }
    return data == null ? null : TableReader.read(spark, data, format);
  }

  private TrainOptions options() {
    TrainOptions options =
        TrainOptions.create()
            .workers(workers)
            .runDirectory(runDirectory)
            .textColumn(textColumn)
            .labelColumn(labelColumn)
            .elastic(elastic)
            .resume(resume)
            .port(port)
            .admin(admin)
            .heap(heap);
    options.job = job;
    options.overrides.addAll(overrides);
    return options;
  }
}
