package dev.weir.spark;

import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Trains on a Spark cluster: the coordinator beside the driver, one worker in each of the tasks of
 * a barrier stage. Either from an application,
 *
 * <pre>{@code
 * TrainResult result =
 *     WeirOnSpark.train(spark, reviews, TrainOptions.create().labelColumn("stars").workers(3));
 * }</pre>
 *
 * <p>or by {@code spark-submit --class dev.weir.spark.WeirOnSpark weir-spark.jar --help}.
 *
 * <p>The same job and the same rows give the same {@link TrainResult#stateDigest}, bit for bit, as
 * {@code ./weir train} gives, however many workers there are and whichever executors are lost.
 */
public final class WeirOnSpark {
  private WeirOnSpark() {}

  /**
   * Trains on the rows of a table. Returns when the run is finished; the calling thread may be
   * interrupted, which stops the run so that it can be resumed.
   *
   * @param data texts and labels; the order of its rows is part of what is trained on
   * @param options everything else
   * @throws UserException if something has to be mended: in the data, the job, the options
   */
  public static TrainResult train(SparkSession spark, Dataset<Row> data, TrainOptions options)
      throws InterruptedException {
    if (options.resume) {
      throw new UserException(
          "resume", "a run goes on with its own data, but data were given", "Leave them out.");
    }
    return new SparkRun(spark, data, options).train();
  }

  /** Trains on the data that the job file names, or, resuming, on those that the run began with. */
  public static TrainResult train(SparkSession spark, TrainOptions options)
      throws InterruptedException {
    return new SparkRun(spark, null, options).train();
  }

  /** For spark-submit. A mistake of the user's ends the driver with exit code 2. */
  public static void main(String[] arguments) {
    int exitCode = Cli.run(new SparkCommand(), arguments);
    if (exitCode != Cli.DONE) {
      System.exit(exitCode); // Else not: in YARN's cluster mode, exit would count as a failure.
    }
  }
}
