package dev.weir.local;

import dev.weir.cli.Cli;
import dev.weir.coordinator.MaskChoice;
import dev.weir.job.Job;
import dev.weir.mask.MaskTable;
import dev.weir.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir mask}: which coordinates a job would train. */
@Command(
    name = "mask",
    description =
        "Chooses the coordinates that a job trains, prints where they are, and saves them.",
    mixinStandardHelpOptions = true)
final class MaskCommand implements Callable<Integer> {
  @Mixin private JobOptions jobOptions = new JobOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the mask is saved; by default NAME.mask in the current folder.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    Job job = jobOptions.load();
    Path file = out == null ? Path.of(job.name() + ".mask") : out;
    try (Task task = Task.load(job, job.method().threads(), "cpu")) {
      MaskChoice choice = MaskChoice.of(task);
      choice.write(file);
      print(MaskTable.of(choice.mask()));
      System.out.printf(
          Locale.ROOT,
          "%,d of %,d parameters (%.3f %%), chosen in %.1f s%ndigest %s%nsaved as %s%n",
          choice.mask().size(),
          choice.mask().layout().size(),
          100 * choice.mask().density(),
          choice.seconds(),
          choice.mask().digest(),
          file);
    }
    return Cli.DONE;
  }

  private static void print(List<MaskTable.Row> rows) {
    System.out.printf(
        "%-12s %-28s %10s %12s %9s %12s%n",
        "layer", "kind", "selected", "of", "density", "of the mask");
    for (MaskTable.Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-12s %-28s %,10d %,12d %7.3f %% %10.2f %%%n",
          row.layer(),
          row.kind(),
          row.selected(),
          row.of(),
          100.0 * row.selected() / row.of(),
          100 * row.share());
    }
  }
}
