package dev.weir.data;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Columns between delimiters, named by the first row. */
final class DelimitedReader extends RowReader {
  /** RFC 4180: commas; a value in double quotes may hold commas, line ends and doubled quotes. */
  static final CSVFormat CSV = CSVFormat.RFC4180;

  /** A tab is always between columns, a quote is a character like any other, as in GLUE's files. */
  static final CSVFormat TSV = CSVFormat.RFC4180.builder().setDelimiter('\t').setQuote(null).get();

  private final CSVFormat format;
  private List<String> header = List.of();

  DelimitedReader(
      CSVFormat format, Path file, String textColumn, String labelColumn, Problems problems) {
    super(file, textColumn, labelColumn, problems);
    this.format = format;
  }

  @Override
  void readAll(String content) {
    long line = 1;
    try (CSVParser parser = format.parse(new StringReader(content))) {
      Iterator<CSVRecord> records = parser.iterator();
      boolean readable = true;
      // The parser reads a record in hasNext, and is then at that record's last line.
      while (readable && records.hasNext()) {
        List<String> values = records.next().toList();
        readable = isBlankLine(values) || read(line, values);
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (UncheckedIOException | IOException e) {
      Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
      report(
          line,
          "the row cannot be read: " + (cause == null ? e : cause).getMessage(),
          "Put the value in double quotes, and double each quote within it.");
    }
  }

  /** Takes the first row as the header; false if no row can be read with it. */
  private boolean read(long line, List<String> values) {
    if (header.isEmpty()) {
      header = values.stream().map(String::strip).toList();
      return checkHeader(line);
    }
    addRow(line, values);
    return true;
  }

  private static boolean isBlankLine(List<String> values) {
    return values.size() == 1 && values.get(0).isBlank();
  }

  private boolean checkHeader(long line) {
    boolean good = true;
    for (String column : List.of(textColumn(), labelColumn())) {
      if (!header.contains(column)) {
        reportMissing(line, column, header);
        good = false;
      } else if (header.indexOf(column) != header.lastIndexOf(column)) {
        report(line, "two columns are named \"%s\"".formatted(column), "Rename one of them.");
        good = false;
      }
    }
    return good;
  }

  private void addRow(long line, List<String> values) {
    if (values.size() == header.size()) {
      add(
          line,
          values.get(header.indexOf(textColumn())),
          values.get(header.indexOf(labelColumn())));
      return;
    }
    boolean tabs = format.getDelimiterString().equals("\t");
    report(
        line,
        "the row has %d columns, but the first has %d: %s"
            .formatted(values.size(), header.size(), String.join(", ", header)),
        tabs
            ? "Write one tab between columns, and none within a text."
            : "Write one comma between columns, and double quotes around a text with commas.");
  }
}
