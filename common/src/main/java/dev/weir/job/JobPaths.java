package dev.weir.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the paths of a job absolute, and sees that something is there. */
final class JobPaths {
  private final Path folder;
  private final Given given;
  private final String origin;
  private final Problems problems;

  /**
   * @param folder what relative paths are relative to
   */
  JobPaths(Path folder, Given given, String origin, Problems problems) {
    this.folder = folder;
    this.given = given;
    this.origin = origin;
    this.problems = problems;
  }

  Job resolve(Job job) {
    return new Job(
        job.name(),
        job.seed(),
        model(job.model()),
        data(job.data()),
        job.method(),
        job.training(),
        job.communication());
  }

  private ModelSection model(ModelSection model) {
    if (model.isBundled() || !given.isSound("model.source")) {
      return model;
    }
    Path directory = absolute(model.source());
    if (!Files.isDirectory(directory)) {
      String meant =
          Suggestion.nearest(model.source(), List.of(ModelSection.BUNDLED))
              .map(name -> "Did you mean " + name + "?")
              .orElse("Relative paths begin at the folder of the job file.");
      problems.add(
          given.placeOf(origin, "model.source"),
          missing(
              "model.source", model.source(), directory, ModelSection.BUNDLED + " or a directory"),
          meant);
    }
    return new ModelSection(directory.toString(), model.layers(), model.maxLength());
  }

  private DataSection data(DataSection data) {
    return new DataSection(
        data.source(),
        file("data.train", data.train()),
        file("data.heldOut", data.heldOut()),
        data.textColumn(),
        data.labelColumn(),
        data.heldOutFraction());
  }

  private @Nullable String file(String key, @Nullable String path) {
    if (path == null || !given.isSound(key)) {
      return path;
    }
    Path file = absolute(path);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      problems.add(
          given.placeOf(origin, key),
          missing(key, path, file, "a file that can be read"),
          "Relative paths begin at the folder of the job file.");
    }
    return file.toString();
  }

  private Path absolute(String path) {
    return folder.resolve(path).toAbsolutePath().normalize();
  }

  private static String missing(String key, String path, Path absolute, String allowed) {
    return "%s is %s, but must be %s; there is none at %s"
        .formatted(key, Quoting.shown(path), allowed, Quoting.bare(absolute.toString()));
  }
}
