package dev.weir.bench.exchange;

import dev.weir.cli.Cli;
import dev.weir.coordinator.AllReduceServer;
import dev.weir.coordinator.rpc.Door;
import dev.weir.job.FailureLimits;
import dev.weir.sum.SumFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench exchange}: the time of a step that computes nothing. */
@Command(
    name = "exchange",
    description =
        "Measures steps without computing: processes all-reduce a vector through this one, over"
            + " loopback, on the path of a training run.",
    mixinStandardHelpOptions = true)
public final class ExchangeCommand implements Callable<Integer> {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "2,4",
      description = "How many; several.")
  private int[] workers = {};

  @Option(names = "--values", defaultValue = "112830", description = "Length of the vector, k.")
  private int values;

  @Option(names = "--chunk", defaultValue = "16384", description = "Values per message.")
  private int chunkLength;

  @Option(names = "--warm-up", defaultValue = "2000", description = "Rounds before measuring.")
  private int warmUp;

  @Option(names = "--rounds", defaultValue = "2000", description = "Rounds that are measured.")
  private int rounds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.printf(
        "%8s %10s %12s %10s %10s  %s%n",
        "workers", "bytes", "median ms", "p99 ms", "mean ms", "bytes on the wire / lower bound");
    for (int count : workers) {
      measure(count);
    }
    return Cli.DONE;
  }

  private void measure(int count) throws IOException, InterruptedException {
    AllReduceServer.Plan plan =
        new AllReduceServer.Plan(
            values,
            chunkLength,
            SumFormat.FIXED32,
            count,
            warmUp + rounds,
            new FailureLimits(Duration.ofSeconds(30)));
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (AllReduceServer server = new AllReduceServer(any, new Door(TOKEN, null), plan)) {
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        processes.add(start(server.address(), i, count));
      }
      server.await();
      long[] all = new long[0];
      for (Process process : processes) {
        all = concat(all, times(process));
      }
      print(count, all, server);
    }
  }

  private void print(int count, long[] all, AllReduceServer server) {
    Arrays.sort(all);
    double lowest = 2.0 * count * values * Integer.BYTES * (warmUp + rounds);
    System.out.printf(
        Locale.ROOT,
        "%8d %10d %12.3f %10.3f %10.3f  %.4f%n",
        count,
        values * Integer.BYTES,
        all[all.length / 2] / 1e6,
        all[(int) (all.length * 0.99)] / 1e6,
        Arrays.stream(all).average().orElse(0) / 1e6,
        (server.bytes().sent() + server.bytes().received()) / lowest);
  }

  private Process start(String address, int number, int count) throws IOException {
    List<String> line =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-cp",
            System.getProperty("java.class.path"),
            ExchangeWorker.class.getName(),
            address,
            TOKEN,
            "worker-" + number,
            String.valueOf(values),
            String.valueOf(count),
            String.valueOf(warmUp),
            String.valueOf(rounds));
    return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static long[] times(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("a worker failed: " + output);
    }
    return Arrays.stream(output.strip().split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static long[] concat(long[] some, long[] more) {
    long[] both = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, both, some.length, more.length);
    return both;
  }
}
