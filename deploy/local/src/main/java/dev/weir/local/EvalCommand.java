package dev.weir.local;

import dev.weir.cli.Cli;
import dev.weir.coordinator.Evaluator;
import dev.weir.coordinator.RunDirectory;
import dev.weir.evaluation.Evaluation;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weir eval}: base model + delta on the held-out samples. */
@Command(
    name = "eval",
    description = "Evaluates what a run has trained: its base model with its delta.",
    mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", description = "Folder of the run.")
  private Path directory = Path.of("");

  @Override
  public Integer call() {
    Evaluation evaluation = Evaluator.evaluate(RunDirectory.existing(directory));
    System.out.printf(
        Locale.ROOT,
        "accuracy %.4f, Matthews correlation %.4f on %,d held-out samples%n",
        evaluation.accuracy(),
        evaluation.matthews(),
        evaluation.samples());
    return Cli.DONE;
  }
}
