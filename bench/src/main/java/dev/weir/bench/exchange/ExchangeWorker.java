package dev.weir.bench.exchange;

import dev.weir.cli.Addresses;
import dev.weir.job.FailureLimits;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Endpoint;
import dev.weir.worker.AllReduceClient;
import java.time.Duration;
import java.util.Locale;

/**
 * A process of {@link ExchangeCommand}: all-reduces a vector whose sum it knows, and prints a line
 * of nanoseconds, one number for each measured round, from one call to the next.
 */
final class ExchangeWorker {
  private ExchangeWorker() {}

  /**
   * All-reduces until all rounds are done.
   *
   * @param arguments address, token, name, values, workers, rounds to warm up, rounds to measure
   */
  public static void main(String[] arguments) throws InterruptedException {
    Endpoint server = new Endpoint(Addresses.parse("server", arguments[0]), arguments[1], null);
    int values = Integer.parseInt(arguments[3]);
    int workers = Integer.parseInt(arguments[4]);
    int warmUp = Integer.parseInt(arguments[5]);
    long[] roundNs = new long[Integer.parseInt(arguments[6])];
    FailureLimits limits = new FailureLimits(Duration.ofSeconds(30));
    try (AllReduceClient client =
        new AllReduceClient(server, arguments[2], values, SumFormat.FIXED32, limits)) {
      int[] vector = new int[values];
      for (int round = 0; round < warmUp + roundNs.length; round++) {
        long startNs = System.nanoTime();
        fill(vector, client.worker(), round);
        check(client.allReduce(vector), workers, round);
        if (round >= warmUp) {
          roundNs[round - warmUp] = System.nanoTime() - startNs;
        }
      }
    }
    StringBuilder line = new StringBuilder();
    for (long ns : roundNs) {
      line.append(ns).append(' ');
    }
    System.out.printf(Locale.ROOT, "%s%n", line.toString().strip());
  }

  /** Only some places change, so that filling and checking cost next to nothing. */
  private static void fill(int[] vector, int worker, int round) {
    for (int i = 0; i < vector.length; i += stride(vector.length)) {
      vector[i] = worker * (round + 1) + i;
    }
  }

  private static void check(int[] sums, int workers, int round) {
    int perRound = workers * (workers + 1) / 2;
    for (int i = 0; i < sums.length; i += stride(sums.length)) {
      if (sums[i] != perRound * (round + 1) + workers * i) {
        throw new IllegalStateException("round " + round + ", value " + i + ": " + sums[i]);
      }
    }
  }

  private static int stride(int length) {
    return Math.max(1, length / 64);
  }
}
