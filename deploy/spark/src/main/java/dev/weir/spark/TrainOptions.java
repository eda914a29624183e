package dev.weir.spark;

import dev.weir.problem.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** How to train. Each method changes this object and returns it. */
public final class TrainOptions {
  private static final int MAX_WORKERS = 1024;

  @Nullable String job;
  final List<String> overrides = new ArrayList<>();
  int workers = 2;
  String runDirectory = "weir-run";
  String textColumn = "text";
  String labelColumn = "label";
  @Nullable Dataset<Row> heldOut;
  boolean elastic;
  boolean resume;
  int port;
  String admin = "off";
  String heap = "1g";
  Consumer<String> output = System.out::println;

  /** Two workers, every key of the job at its default, and {@code weir-run} as run directory. */
  public static TrainOptions create() {
    return new TrainOptions();
  }

  /** The job file, on the driver; without one, all keys have their defaults. */
  public TrainOptions job(String path) {
    job = path;
    return this;
  }

  /** Changes one key of the job: {@code set("training.steps", "100")}. */
  public TrainOptions set(String key, String value) {
    overrides.add(key + "=" + value);
    return this;
  }

  /** How many workers, each a Spark task; by default 2. */
  public TrainOptions workers(int number) {
    workers = number;
    return this;
  }

  /** Folder on the driver's machine that receives the run's files; by default weir-run. */
  public TrainOptions runDirectory(String path) {
    runDirectory = path;
    return this;
  }

  /** Column of the texts, of type string; by default text. */
  public TrainOptions textColumn(String name) {
    textColumn = name;
    return this;
  }

  /** Column of the labels: strings, whole numbers or booleans; by default label. */
  public TrainOptions labelColumn(String name) {
    labelColumn = name;
    return this;
  }

  /** Rows to evaluate on, with the same columns; without, a share of the data is held out. */
  public TrainOptions heldOut(Dataset<Row> rows) {
    heldOut = rows;
    return this;
  }

  /**
   * Whether tasks stand alone: training begins with the first that runs, and a lost one is retried
   * by itself. By default they are a barrier stage, which begins and is retried as a whole.
   */
  public TrainOptions elastic(boolean isElastic) {
    elastic = isElastic;
    return this;
  }

  /** Goes on with the run in the run directory, with its own job and data. */
  public TrainOptions resume(boolean isResumed) {
    resume = isResumed;
    return this;
  }

  /** The coordinator's port on the driver; by default, 0, any free one. */
  public TrainOptions port(int number) {
    port = number;
    return this;
  }

  /** Where to serve the dashboard, {@code host:port}; by default {@code off}. */
  public TrainOptions admin(String address) {
    admin = address;
    return this;
  }

  /** Java heap of the coordinator and of each worker, as after -Xmx; by default 1g. */
  public TrainOptions heap(String size) {
    heap = size;
    return this;
  }

  /** Receives what the coordinator prints, line by line; by default standard output. */
  public TrainOptions output(Consumer<String> lines) {
    output = lines;
    return this;
  }

  /**
   * @throws UserException if something is out of its range
   */
  void check() {
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new UserException(
          "workers",
          workers + " is not between 1 and " + MAX_WORKERS,
          "Start at least one worker; more workers than training.shards have nothing to do.");
    }
    if (port < 0 || port > 65535) {
      throw new UserException("port", port + " is not between 0 and 65535", "Give another port.");
    }
    if (!heap.matches("[1-9][0-9]{0,8}[kmgKMG]")) {
      throw new UserException(
          "heap", "'" + heap + "' is not a size of memory", "Write for example 1g or 1500m.");
    }
    if (resume && (job != null || !overrides.isEmpty() || heldOut != null)) {
      throw new UserException(
          "resume",
          "a run goes on with its own job and data, but a job, a changed key or data were given",
          "Leave them out, or start a new run.");
    }
  }
}
