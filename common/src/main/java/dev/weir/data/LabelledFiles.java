package dev.weir.data;

import dev.weir.problem.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Labelled texts in the user's own files: TSV or CSV with column names in the first row, or JSONL;
 * the extension says which. Files are UTF-8. Labels are strings; the classes are the distinct
 * labels of the training file, sorted.
 *
 * @param train the file to train on
 * @param heldOut the file to evaluate on; without one, part of {@code train} is held out
 * @param textColumn name of the column, or JSON field, with the texts
 * @param labelColumn name of the column, or JSON field, with the labels
 * @param heldOutFraction where there is no held-out file: the share of texts that is held out,
 *     between 0 and 1; a hash of the text decides, so that equal texts are on one side
 */
public record LabelledFiles(
    Path train,
    @Nullable Path heldOut,
    String textColumn,
    String labelColumn,
    double heldOutFraction)
    implements DataSource {
  private static final int CLASSES_SHOWN = 10;

  @Override
  public Dataset load() {
    Problems problems = new Problems();
    List<Row> trainRows = RowReader.read(train, textColumn, labelColumn, problems);
    List<Row> heldOutRows =
        heldOut == null ? List.of() : RowReader.read(heldOut, textColumn, labelColumn, problems);
    problems.throwIfAny();
    return heldOut == null ? split(trainRows) : dataset(trainRows, heldOutRows, heldOut);
  }

  private Dataset split(List<Row> rows) {
    if (!(heldOutFraction > 0 && heldOutFraction < 1)) {
      throw new UserException(
          train.toString(),
          "the held-out fraction is %s, but must be between 0 and 1".formatted(heldOutFraction),
          "Choose a fraction such as 0.1, or name a held-out file.");
    }
    var parts =
        rows.stream()
            .collect(
                Collectors.partitioningBy(row -> HashSplit.isHeldOut(row.text(), heldOutFraction)));
    return dataset(List.copyOf(parts.get(false)), List.copyOf(parts.get(true)), train);
  }

  private Dataset dataset(List<Row> trainRows, List<Row> heldOutRows, Path heldOutFrom) {
    requireRows(train, "to train on", trainRows);
    requireRows(heldOutFrom, "held out", heldOutRows);
    Set<String> labels = trainRows.stream().map(Row::label).collect(Collectors.toSet());
    List<String> classes = List.copyOf(new TreeSet<>(labels));
    if (classes.size() < 2) {
      throw new UserException(
          train.toString(),
          "all %d rows to train on have the label \"%s\", but there must be at least 2 labels"
              .formatted(trainRows.size(), classes.get(0)),
          "Add rows with another label, or name another label column.");
    }
    requireKnownLabels(heldOutRows, classes);
    return new Dataset(classes, examples(trainRows, classes), examples(heldOutRows, classes));
  }

  private static void requireRows(Path file, String use, List<Row> rows) {
    if (rows.isEmpty()) {
      throw new UserException(
          file.toString(),
          "there is no row %s, but at least one is needed".formatted(use),
          "Add rows, name another file, or change the held-out fraction.");
    }
  }

  private static void requireKnownLabels(List<Row> heldOutRows, List<String> classes) {
    Problems problems = new Problems();
    for (Row row : heldOutRows) {
      if (Collections.binarySearch(classes, row.label()) < 0) {
        problems.add(
            row.place(),
            "the held-out label \"%s\" is not among those trained on: %s"
                .formatted(row.label(), someOf(classes)),
            "Correct it, or add rows with this label to train on.");
      }
    }
    problems.throwIfAny();
  }

  private static String someOf(List<String> classes) {
    String some = String.join(", ", classes.subList(0, Math.min(classes.size(), CLASSES_SHOWN)));
    return classes.size() > CLASSES_SHOWN ? some + ", … (%d)".formatted(classes.size()) : some;
  }

  private static List<Example> examples(List<Row> rows, List<String> classes) {
    List<Example> examples = new ArrayList<>(rows.size());
    for (Row row : rows) {
      examples.add(
          new Example(row.text(), Collections.binarySearch(classes, row.label()), row.text()));
    }
    return examples;
  }
}
