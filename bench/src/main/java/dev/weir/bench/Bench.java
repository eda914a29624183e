package dev.weir.bench;

import dev.weir.bench.allreduce.AllReduceCommand;
import dev.weir.bench.chaos.ChaosCommand;
import dev.weir.bench.micro.MicroCommand;
import dev.weir.bench.scale.ScaleCommand;
import dev.weir.bench.throughput.ThroughputCommand;
import dev.weir.bench.upkeep.UpkeepCommand;
import dev.weir.cli.Cli;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code weir bench}: each subcommand is an experiment that can be repeated. */
@Command(
    name = "weir bench",
    description = "Measures Weir; the latest results are under bench/results.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AllReduceCommand.class,
      ChaosCommand.class,
      MicroCommand.class,
      ScaleCommand.class,
      ThroughputCommand.class,
      UpkeepCommand.class
    })
public final class Bench implements Callable<Integer> {
  /** Ends the process with the command's exit code. */
  public static void main(String[] arguments) {
    System.exit(Cli.run(new Bench(), arguments));
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, System.out);
    return Cli.USAGE;
  }
}
