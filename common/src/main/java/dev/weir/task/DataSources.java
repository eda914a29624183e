package dev.weir.task;

import dev.weir.data.DataSource;
import dev.weir.data.EnglishGrammar;
import dev.weir.data.LabelledFiles;
import dev.weir.job.DataSection;
import java.nio.file.Path;
import java.util.Objects;

/** From a job's data section to the source that reads it. */
final class DataSources {
  private DataSources() {}

  static DataSource of(DataSection data) {
    if (data.isBundled()) {
      return new EnglishGrammar(data.heldOutFraction());
    }
    return new LabelledFiles(
        Path.of(Objects.requireNonNull(data.train())),
        data.heldOut() == null ? null : Path.of(data.heldOut()),
        data.textColumn(),
        data.labelColumn(),
        data.heldOutFraction());
  }
}
