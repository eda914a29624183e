package dev.weir.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a real Spark session, in this JVM. */
class DataFileTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> table(DataType textType, DataType labelType, Object[]... rows) {
    return table("text", "label", textType, labelType, rows);
  }

  private static Dataset<Row> table(
      String text, String label, DataType textType, DataType labelType, Object[]... rows) {
    StructType schema = new StructType().add(text, textType).add(label, labelType);
    return spark.createDataFrame(Arrays.stream(rows).map(RowFactory::create).toList(), schema);
  }

  private static Dataset<Row> strings(Object[]... rows) {
    return table(DataTypes.StringType, DataTypes.StringType, rows);
  }

  private static Object[] row(Object... values) {
    return values;
  }

  private Path write(Dataset<Row> rows) {
    return DataFile.write(new TableData(rows, "the data", "text", "label"), folder, 1 << 20);
  }

  private static List<List<String>> read(Path file) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode json = new ObjectMapper().readTree(line);
      rows.add(List.of(json.get("text").asText(), json.get("label").asText()));
    }
    return rows;
  }

  private AbstractThrowableAssert<?, ?> refused(Dataset<Row> rows) throws IOException {
    AbstractThrowableAssert<?, ?> thrown =
        assertThatThrownBy(() -> write(rows)).isInstanceOf(UserException.class);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
    return thrown;
  }

  @Test
  void anyTextArrivesAsItIsAndInOrder() throws IOException {
    String odd = "a \"quoted\", tabbed\t\r\nline \\ \u0001 ü 𝄞 {\"text\": 1} \u2028";
    Path file = write(strings(row(odd, "b"), row("second", "a"), row("third", "b")));

    assertThat(read(file))
        .containsExactly(List.of(odd, "b"), List.of("second", "a"), List.of("third", "b"));
  }

  @Test
  void orderIsKeptOverManyPartitions() throws IOException {
    Object[][] rows =
        IntStream.range(0, 100).mapToObj(i -> row("text " + i, "l")).toArray(Object[][]::new);
    Dataset<Row> parts =
        strings(rows)
            .repartitionByRange(7, functions.col("text").desc())
            .sortWithinPartitions(functions.col("text").desc());
    assertThat(parts.rdd().getNumPartitions()).isGreaterThan(1);

    assertThat(read(write(parts)))
        .hasSize(100)
        .isSortedAccordingTo(Comparator.comparing((List<String> row) -> row.get(0)).reversed());
  }

  @Test
  void equalRowsGiveAFileOfTheSameName() {
    assertThat(write(strings(row("a", "b")))).isEqualTo(write(strings(row("a", "b"))));
    assertThat(write(strings(row("a", "c")))).isNotEqualTo(write(strings(row("a", "b"))));
  }

  @Test
  void labelsMayBeWholeNumbersAndBooleans() throws IOException {
    assertThat(read(write(table(DataTypes.StringType, DataTypes.IntegerType, row("a", -1)))))
        .containsExactly(List.of("a", "-1"));
    assertThat(read(write(table(DataTypes.StringType, DataTypes.LongType, row("a", 1L << 40)))))
        .containsExactly(List.of("a", "1099511627776"));
    assertThat(read(write(table(DataTypes.StringType, DataTypes.BooleanType, row("a", true)))))
        .containsExactly(List.of("a", "true"));
  }

  @Test
  void otherLabelsAreRefusedWithTheirType() throws IOException {
    refused(table(DataTypes.StringType, DataTypes.DoubleType, row("a", 0.5)))
        .hasMessageContaining("\"label\"")
        .hasMessageContaining("double")
        .hasMessageContaining("whole numbers");
    refused(
            table(
                DataTypes.StringType,
                DataTypes.createArrayType(DataTypes.StringType),
                row("a", new String[] {"x"})))
        .hasMessageContaining("array<string>");
  }

  @Test
  void textsMustBeStrings() throws IOException {
    refused(table(DataTypes.BinaryType, DataTypes.StringType, row(new byte[1], "a")))
        .hasMessageContaining("\"text\"")
        .hasMessageContaining("binary");
  }

  @Test
  void aMissingColumnIsNamedWithThoseThatAreThere() throws IOException {
    refused(table("review", "stars", DataTypes.StringType, DataTypes.StringType, row("fine", "5")))
        .hasMessageContaining("no column \"text\"")
        .hasMessageContaining("review, stars")
        .hasMessageContaining("--text-column");
  }

  @Test
  void twoColumnsOfOneNameAreRefused() throws IOException {
    refused(table("text", "text", DataTypes.StringType, DataTypes.StringType, row("fine", "5")))
        .hasMessageContaining("2 columns \"text\"");
  }

  @Test
  void columnsMayHaveDotsAndQuotesInTheirNames() throws IOException {
    Dataset<Row> rows =
        table("a.b`c", "la bel", DataTypes.StringType, DataTypes.StringType, row("fine", "5"));

    Path file = DataFile.write(new TableData(rows, "x", "a.b`c", "la bel"), folder, 1 << 20);

    assertThat(read(file)).containsExactly(List.of("fine", "5"));
  }

  @Test
  void nullAndEmptyTextsAndLabelsAreRefusedWithTheirRows() throws IOException {
    refused(strings(row("a", "b"), row(null, "b"), row("a", null), row("  ", "b"), row("a", "b")))
        .hasMessageContaining("row 2, 3, 4: ")
        .hasMessageContaining("na().drop()");
  }

  @Test
  void ofManyEmptyRowsOnlyTheFirstAreNamed() throws IOException {
    Object[][] rows =
        IntStream.range(0, 1000).mapToObj(i -> row("a", null)).toArray(Object[][]::new);
    refused(strings(rows)).hasMessageContaining("row 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …: ");
  }

  @Test
  void noRowsAreRefused() throws IOException {
    refused(strings()).hasMessageContaining("no rows");
  }

  @Test
  void tooMuchIsRefusedWithTheLimit() throws IOException {
    Object[][] rows =
        IntStream.range(0, 3).mapToObj(i -> row("x".repeat(500_000), "a")).toArray(Object[][]::new);
    refused(strings(rows)).hasMessageContaining("1 MiB").hasMessageContaining("at row 3");
  }
}
