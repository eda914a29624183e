package dev.weir.job;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules that a single key's type and range cannot say. */
final class JobRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final List<String> OUTER_KEYS = List.of("combine", "learningRate", "momentum");

  private final Job job;
  private final Given given;
  private final String origin;
  private final Problems problems;

  JobRules(Job job, Given given, String origin, Problems problems) {
    this.job = job;
    this.given = given;
    this.origin = origin;
    this.problems = problems;
  }

  void check() {
    checkName();
    checkShards();
    checkPrecision();
    checkOuter();
    checkDensity();
    checkTrain();
    checkOnlyForFiles("data.train");
    checkOnlyForFiles("data.heldOut");
    checkPath("model.source", job.model().source());
    checkPath("data.train", job.data().train());
    checkPath("data.heldOut", job.data().heldOut());
  }

  private void checkName() {
    if (!NAME.matcher(job.name()).matches()) {
      problems.add(
          given.placeOf(origin, "name"),
          "name is "
              + Quoting.shown(job.name())
              + ", but must be 1 to 64 letters, digits, dots, dashes and underscores",
          "Begin with a letter or digit, without spaces: minilm-grammar.");
    }
  }

  private void checkShards() {
    int shards = job.training().shards();
    int batchSize = job.training().batchSize();
    if (given.isSound("training.shards", "training.batchSize") && shards > batchSize) {
      problems.add(
          given.placeOf(origin, "training.shards", "training.batchSize"),
          "training.shards is " + shards + ", but must be at most training.batchSize, " + batchSize,
          "Every shard needs a sample: fewer shards, or a larger batch.");
    }
  }

  private void checkPrecision() {
    int shards = job.training().shards();
    Precision precision = job.communication().precision();
    int most = precision.format().maxShards();
    if (given.isSound("training.shards", "communication.precision") && shards > most) {
      String name = ScalarType.of(Precision.class).write(precision);
      problems.add(
          given.placeOf(origin, "training.shards", "communication.precision"),
          String.format(
              "training.shards is %d, but must be at most %d with communication.precision %s",
              shards, most, name),
          "The sum of all shards has 16 bits, and each needs some: fewer shards, or fixed32.");
    }
  }

  private void checkOuter() {
    CommunicationSection communication = job.communication();
    boolean isNesterov = communication.outer().combine() == Combination.NESTEROV;
    for (String key : OUTER_KEYS) {
      String path = "communication.outer." + key;
      Optional<Place> place = given.place(path);
      if (place.isEmpty()) {
        continue;
      }
      if (given.isSound("communication.everySteps") && communication.everySteps() == 1) {
        problems.add(
            place.get(),
            path + " is given, but is only allowed with communication.everySteps above 1; it is 1",
            "Without local steps there is nothing to combine: remove the key, or set everySteps.");
      } else if (!key.equals("combine")
          && given.isSound("communication.outer.combine")
          && !isNesterov) {
        problems.add(
            place.get(),
            path
                + " is given, but is only allowed with communication.outer.combine nesterov; it is "
                + ScalarType.of(Combination.class).write(communication.outer().combine()),
            "Write combine: nesterov, or remove the key.");
      }
    }
  }

  private void checkDensity() {
    Optional<Place> place = given.place("method.density");
    if (place.isPresent() && given.isSound("method.name") && !job.method().name().hasDensity()) {
      String name = ScalarType.of(MethodName.class).write(job.method().name());
      problems.add(
          place.get(),
          "method.density is given, but is not allowed with method.name " + name,
          "That method chooses by itself. Remove the key; on the command line: --set"
              + " method.density=");
    }
  }

  private void checkTrain() {
    boolean isMissing = given.isSound("data.source", "data.train") && job.data().train() == null;
    if (isMissing && !job.data().isBundled()) {
      problems.add(
          given.placeOf(origin, "data.source"),
          "data.train is missing, but is required with data.source files",
          "Name the file to train on.");
    }
  }

  private void checkOnlyForFiles(String path) {
    Optional<Place> place = given.place(path);
    if (place.isPresent() && given.isSound("data.source") && job.data().isBundled()) {
      problems.add(
          place.get(),
          path
              + " is given, but is only allowed with data.source files; it is "
              + job.data().source(),
          "Write source: files to train on your own, or remove " + path + ".");
    }
  }

  private void checkPath(String path, @Nullable String value) {
    try {
      var unused = Path.of(value == null ? "" : value);
    } catch (InvalidPathException e) {
      String broken = path + " is " + Quoting.shown(e.getInput()) + ", but must be a path";
      problems.add(given.placeOf(origin, path), broken, "");
      given.refuse(path);
    }
  }
}
