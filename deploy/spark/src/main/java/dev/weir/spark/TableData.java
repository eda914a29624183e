package dev.weir.spark;

import dev.weir.problem.UserException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;

/**
 * Texts and labels in a table of Spark's.
 *
 * @param rows the table; the order of its rows counts, as that of the lines of a file
 * @param name what to call it in messages
 * @param textColumn name of the column of texts
 * @param labelColumn name of the column of labels
 */
record TableData(Dataset<Row> rows, String name, String textColumn, String labelColumn) {
  /** Name of the field of texts in {@link #lines}. */
  static final String TEXT = "text";

  /** Name of the field of labels in {@link #lines}. */
  static final String LABEL = "label";

  private static final Set<DataType> LABEL_TYPES =
      Set.of(
          DataTypes.BooleanType,
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType);

  /**
   * Sees that the columns are there and have types that can be texts and labels.
   *
   * @throws UserException if not
   */
  void check() {
    DataType text = type(textColumn);
    if (!(text instanceof StringType)) {
      throw wrongType(textColumn, text, "texts must be strings", "Cast the column");
    }
    DataType label = type(labelColumn);
    if (!(label instanceof StringType) && !LABEL_TYPES.contains(label)) {
      throw wrongType(
          labelColumn,
          label,
          "labels must be strings, whole numbers or booleans: one for each class",
          "Cast the column if its values are classes");
    }
  }

  /** The rows one after the other: JSON of text and label, null where either is missing. */
  Iterator<String> lines() {
    Column text = column(textColumn);
    Column label = column(labelColumn).cast(DataTypes.StringType);
    Column isFilled =
        functions
            .length(functions.trim(text))
            .gt(0)
            .and(functions.length(functions.trim(label)).gt(0));
    Column json = functions.to_json(functions.struct(text.as(TEXT), label.as(LABEL)));
    return rows.select(functions.when(isFilled, json))
        .as(org.apache.spark.sql.Encoders.STRING())
        .toLocalIterator();
  }

  private DataType type(String column) {
    long found = Arrays.stream(rows.columns()).filter(column::equals).count();
    if (found != 1) {
      throw new UserException(
          name,
          "there %s \"%s\"; there are: %s"
              .formatted(
                  found == 0 ? "is no column" : "are " + found + " columns",
                  column,
                  String.join(", ", rows.columns())),
          "Name the columns with textColumn and labelColumn, or --text-column and"
              + " --label-column.");
    }
    return rows.schema().apply(column).dataType();
  }

  private Column column(String column) {
    return rows.col("`" + column.replace("`", "``") + "`");
  }

  private UserException wrongType(String column, DataType type, String rule, String remedy) {
    return new UserException(
        name,
        "column \"%s\" is of type %s, but %s".formatted(column, type.simpleString(), rule),
        remedy + " or name another.");
  }
}
