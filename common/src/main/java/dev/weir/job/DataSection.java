package dev.weir.job;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The labelled texts.
 *
 * @param source {@link #BUNDLED} or {@link #FILES}
 * @param train file to train on; null exactly if the source is bundled
 * @param heldOut file to evaluate on; null where a share of the training data is held out
 * @param textColumn name of the column of texts
 * @param labelColumn name of the column of labels
 * @param heldOutFraction share of the data that is held out of training, if there is no file of its
 *     own for that
 */
public record DataSection(
    @Default(DataSection.BUNDLED)
        @Choices({DataSection.BUNDLED, DataSection.FILES})
        @Doc("The data: `english-grammar`, which comes with Weir, or your own `files`.")
        String source,
    @Doc("File to train on. Required with `source: files`, and only allowed there.")
        @Nullable String train,
    @Doc(
            "File to evaluate on. Only allowed with `source: files`; without it, a share of the"
                + " training data is held out.")
        @Nullable String heldOut,
    @Default("text") @Doc("Column of the files that holds the text.") String textColumn,
    @Default("label") @Doc("Column of the files that holds the label.") String labelColumn,
    @Default("0.1")
        @Range("(0, 1)")
        @Doc("Share of the data that is held out of training, where no `heldOut` file is given.")
        double heldOutFraction) {

  /** Name of the data that come with Weir. */
  public static final String BUNDLED = "english-grammar";

  /** The source that reads {@link #train} and {@link #heldOut}. */
  public static final String FILES = "files";

  /** Whether {@link #source} are the data that come with Weir, not files. */
  public boolean isBundled() {
    return source.equals(BUNDLED);
  }

  /** The same data where this machine has its files: those of the same names in {@code folder}. */
  public DataSection in(Path folder) {
    return new DataSection(
        source, in(folder, train), in(folder, heldOut), textColumn, labelColumn, heldOutFraction);
  }

  private static @Nullable String in(Path folder, @Nullable String file) {
    return file == null ? null : folder.resolve(Path.of(file).getFileName()).toString();
  }
}
