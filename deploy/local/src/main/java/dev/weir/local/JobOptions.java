package dev.weir.local;

import dev.weir.job.Job;
import dev.weir.job.JobFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which job: its file and what is changed in it. */
final class JobOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "JOB",
      description = "The job file; by default jobs/minilm-grammar.yaml.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Changes one key of the job, e.g. --set training.steps=100. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  /** Reads it and reports everything that is wrong with it at once. */
  Job load() {
    return JobFile.load(file == null ? bundled() : file, overrides);
  }

  private static Path bundled() {
    return Path.of(System.getProperty("weir.home", "."), "jobs", "minilm-grammar.yaml");
  }

  boolean isGiven() {
    return file != null || !overrides.isEmpty();
  }
}
