package dev.weir.spark;

import dev.weir.problem.UserException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Reads what {@code --data} names, a path in any file system that Spark knows. */
final class TableReader {
  private static final Map<String, String> FORMATS =
      Map.of(
          "csv", "csv",
          "tsv", "tsv",
          "jsonl", "json",
          "json", "json",
          "parquet", "parquet",
          "orc", "orc");

  private static final Set<String> KNOWN = Set.of("csv", "tsv", "json", "parquet", "orc");

  private TableReader() {}

  /**
   * The rows of a file or folder.
   *
   * @param format csv, tsv, json, parquet or orc; null if the extension says it
   * @throws UserException if it is not there, or its format is not known
   */
  static Dataset<Row> read(SparkSession spark, String path, @Nullable String format) {
    String known = format == null ? formatOf(path) : format.toLowerCase(Locale.ROOT);
    if (known == null || !KNOWN.contains(known)) {
      throw new UserException(
          path,
          (format == null ? "the name does not say" : format + " is not")
              + " a format that is known: csv, tsv, json, parquet, orc",
          "Give one of them by --format.");
    }
    try {
      return read(spark, path, known, options(known));
    } catch (Exception e) { // An AnalysisException, which Scala does not declare.
      throw new UserException(
          path, "Spark cannot read this: " + firstLine(e), "Check path and format.");
    }
  }

  /** The rows of a table or view in Spark's catalog. */
  static Dataset<Row> table(SparkSession spark, String name) {
    try {
      return spark.table(name);
    } catch (Exception e) { // As above.
      throw new UserException(
          "table " + name,
          "Spark cannot read this: " + firstLine(e),
          "Check the name; in Hive's catalog, set spark.sql.catalogImplementation=hive.");
    }
  }

  private static Dataset<Row> read(
      SparkSession spark, String path, String format, Map<String, String> options) {
    return spark.read().format(format.equals("tsv") ? "csv" : format).options(options).load(path);
  }

  /** So that a label stays as it is written, and a broken row is an error. */
  private static Map<String, String> options(String format) {
    return switch (format) {
      case "csv" ->
          Map.of("header", "true", "mode", "FAILFAST", "multiLine", "true", "escape", "\"");
      case "tsv" -> Map.of("header", "true", "mode", "FAILFAST", "sep", "\t", "quote", "");
      case "json" -> Map.of("primitivesAsString", "true", "mode", "FAILFAST");
      default -> Map.of();
    };
  }

  private static @Nullable String formatOf(String path) {
    String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return FORMATS.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
