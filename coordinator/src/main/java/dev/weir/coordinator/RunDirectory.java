package dev.weir.coordinator;

import dev.weir.job.Job;
import dev.weir.job.JobFile;
import dev.weir.problem.UserException;
import dev.weir.state.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a run.
 *
 * @param path the folder
 */
public record RunDirectory(Path path) {

  /** Makes the folder if there is none. */
  public static RunDirectory create(Path path) {
    try {
      Files.createDirectories(path);
      return new RunDirectory(path);
    } catch (IOException e) {
      throw new UserException(
          path.toString(),
          "the run directory cannot be made: " + e.getMessage(),
          "Choose another with --run-dir.");
    }
  }

  /**
   * Makes the folder of a new run, with the job in it.
   *
   * @throws UserException if it holds a run already
   */
  public static RunDirectory begin(Path path, Job job) {
    if (Files.exists(new RunDirectory(path).job())) {
      throw new UserException(
          "--run-dir",
          path + " holds a run already",
          "Go on with it by --resume " + path + ", or choose another folder.");
    }
    return of(path, job);
  }

  /**
   * A folder that holds a run.
   *
   * @throws UserException if it holds none
   */
  public static RunDirectory existing(Path path) {
    RunDirectory run = new RunDirectory(path);
    if (!Files.isRegularFile(run.job())) {
      throw new UserException(
          path.toString(),
          "this is not a run directory: it has no " + run.job().getFileName(),
          "Give the folder that 'weir train' named at its end, for example runs/minilm-grammar.");
    }
    return run;
  }

  /**
   * The folder of {@code job}'s run: one that holds it, or one that holds none yet and now receives
   * it.
   *
   * @throws UserException if it holds the run of another job
   */
  public static RunDirectory of(Path path, Job job) {
    RunDirectory run = create(path);
    if (!Files.exists(run.job())) {
      write(run.job(), job);
    } else if (!JobFile.parse(read(run.job()), run.job().toString()).equals(job)) {
      throw new UserException(
          "--job",
          "the job given differs from " + run.job() + ", whose run this folder holds",
          "Go on with that job, or choose another folder with --run-dir.");
    }
    return run;
  }

  /** Keeps what job the journal is of. */
  void begunWith(Job job) {
    write(begunWith(), job);
  }

  /**
   * Sees that a run goes on with the job that it began with.
   *
   * @throws UserException if {@code job} is another one
   */
  void requireBegunWith(Job job) {
    if (!Files.exists(begunWith())) {
      return; // Of a version of Weir that did not keep it.
    }
    List<String> then = read(begunWith()).lines().toList();
    List<String> now = job.toYaml().lines().toList();
    for (int line = 0; line < Math.max(then.size(), now.size()); line++) {
      String before = line < then.size() ? then.get(line).strip() : "nothing";
      String after = line < now.size() ? now.get(line).strip() : "nothing";
      if (!before.equals(after)) {
        throw new UserException(
            job().toString(),
            "the run began with '" + before + "', but the job now says '" + after + "'",
            "A run goes on with its own job: put that back, or begin a new run in another folder.");
      }
    }
  }

  private Path begunWith() {
    return journal().resolve("job.yaml");
  }

  private static void write(Path file, Job job) {
    ByteBuffer yaml = StandardCharsets.UTF_8.encode(job.toYaml());
    try {
      AtomicFile.write(file, out -> AtomicFile.writeFully(out, yaml));
    } catch (IOException e) {
      throw new UserException(
          file.toString(),
          "cannot be written: " + e.getMessage(),
          "Give this process a folder to write to with --run-dir.");
    }
  }

  /** Deletes the folder and its logs if the run did not come as far as a mask. */
  public void deleteUnlessBegun() {
    if (!Files.exists(mask())) {
      delete();
    }
  }

  /** Deletes the folder with everything in it. */
  void delete() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }

  /** The job as it was resolved. */
  public Path job() {
    return path.resolve("job.yaml");
  }

  /** The mask, encoded. */
  public Path mask() {
    return path.resolve("mask.weir");
  }

  /** The folder of what is needed to resume. */
  public Path journal() {
    return path.resolve("journal");
  }

  /** What was trained. */
  public Path delta() {
    return path.resolve("delta.safetensors");
  }

  /** Locked by whoever serves the run. */
  Path lock() {
    return path.resolve("lock");
  }

  /** What is needed to know of model and data. */
  Path foundation() {
    return path.resolve("foundation.json");
  }

  /** A line for everything that happened. */
  public Path events() {
    return path.resolve("events.jsonl");
  }

  /** How good the model was before the first step. */
  public Path before() {
    return path.resolve("before.json");
  }

  /** The run in numbers. */
  public Path summary() {
    return path.resolve("summary.json");
  }

  /** A line per step. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** The folder of the processes' logs. */
  public Path logs() {
    return path.resolve("logs");
  }

  /** Reads a small text file of the run. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
