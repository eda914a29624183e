package dev.weir.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** A user's Spark program that trains on what it has computed. */
public final class ReviewsProgram {
  private ReviewsProgram() {}

  /**
   * @param arguments the reviews, a job file, the run directory
   */
  public static void main(String[] arguments) throws Exception {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Dataset<Row> reviews =
          spark
              .read()
              .option("header", true)
              .option("inferSchema", true)
              .option("escape", "\"")
              .csv(arguments[0])
              .select(functions.col("stars"), functions.upper(functions.col("review")).as("loud"))
              .withColumn("quiet", functions.lower(functions.col("loud")));
      TrainResult result =
          WeirOnSpark.train(
              spark,
              reviews,
              TrainOptions.create()
                  .job(arguments[1])
                  .textColumn("quiet")
                  .labelColumn("stars")
                  .workers(2)
                  .runDirectory(arguments[2]));
      System.out.println("trained to " + result.stateDigest() + ", " + result.after());
    }
  }
}
