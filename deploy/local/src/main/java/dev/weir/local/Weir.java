package dev.weir.local;

import dev.weir.cli.Cli;
import dev.weir.coordinator.CoordinatorMain;
import dev.weir.local.doctor.DoctorCommand;
import dev.weir.process.Leash;
import dev.weir.worker.WorkerMain;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code weir}. */
@Command(
    name = "weir",
    description = "Trains neural networks over ordinary networks by exchanging almost nothing.",
    mixinStandardHelpOptions = true,
    version = "weir 0.1.0",
    subcommands = {
      TrainCommand.class,
      MaskCommand.class,
      EvalCommand.class,
      CertsCommand.class,
      DoctorCommand.class,
      HealthCommand.class,
      ViewTokenCommand.class,
      CoordinatorMain.class,
      WorkerMain.class
    })
public final class Weir implements Callable<Integer> {
  /** Ends the process with the command's exit code. */
  public static void main(String[] arguments) {
    Leash.hold();
    System.exit(Cli.run(new Weir(), arguments));
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.out);
    return Cli.USAGE;
  }
}
