package dev.weir.data;

import dev.weir.problem.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one file of the user's and reports what is wrong with them. One object per
 * file.
 */
abstract class RowReader {
  private final Path file;
  private final String textColumn;
  private final String labelColumn;
  private final Problems problems;
  private final List<Row> rows = new ArrayList<>();

  RowReader(Path file, String textColumn, String labelColumn, Problems problems) {
    this.file = file;
    this.textColumn = textColumn;
    this.labelColumn = labelColumn;
    this.problems = problems;
  }

  /**
   * The good rows of the file; the others are added to {@code problems}.
   *
   * @throws UserException if the file as a whole cannot be read
   */
  static List<Row> read(Path file, String textColumn, String labelColumn, Problems problems) {
    RowReader reader = forExtension(file, textColumn, labelColumn, problems);
    reader.readAll(TextFile.read(file));
    return reader.rows;
  }

  private static RowReader forExtension(
      Path file, String textColumn, String labelColumn, Problems problems) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".tsv")) {
      return new DelimitedReader(DelimitedReader.TSV, file, textColumn, labelColumn, problems);
    } else if (name.endsWith(".csv")) {
      return new DelimitedReader(DelimitedReader.CSV, file, textColumn, labelColumn, problems);
    } else if (name.endsWith(".jsonl")) {
      return new JsonLinesReader(file, textColumn, labelColumn, problems);
    }
    throw new UserException(
        file.toString(),
        "the name does not say which format this is; .tsv, .csv and .jsonl are known",
        "Convert the file to one of them, or rename it.");
  }

  /** Calls {@link #add} or {@link #report} for each row. */
  abstract void readAll(String content);

  final String textColumn() {
    return textColumn;
  }

  final String labelColumn() {
    return labelColumn;
  }

  final void report(long line, String broken, String remedy) {
    problems.add(place(line), broken, remedy);
  }

  /** Reports that a row, or the header, lacks a column. */
  final void reportMissing(long line, String column, Collection<String> found) {
    report(
        line,
        "there is no column \"%s\"; there are: %s".formatted(column, String.join(", ", found)),
        "Name the column of the texts and that of the labels as the file does.");
  }

  final void add(long line, @Nullable String text, @Nullable String label) {
    boolean hasText = isFilled(line, textColumn, text);
    boolean hasLabel = isFilled(line, labelColumn, label);
    if (text != null && label != null && hasText && hasLabel) {
      rows.add(new Row(place(line), text.strip(), label.strip()));
    }
  }

  private boolean isFilled(long line, String column, @Nullable String value) {
    boolean filled = value != null && !value.isBlank();
    if (!filled) {
      report(
          line,
          "\"%s\" is empty, but every row needs a text and a label".formatted(column),
          "Fill it in, or delete the row.");
    }
    return filled;
  }

  private String place(long line) {
    return file + ":" + line;
  }
}
