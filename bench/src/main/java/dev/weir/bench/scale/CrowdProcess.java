package dev.weir.bench.scale;

import dev.weir.cli.Addresses;
import dev.weir.job.FailureLimits;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Endpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Scanner;
import java.util.concurrent.ExecutionException;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The process of all workers. Its orders are {@code join HUB WORKERS VALUES FORMAT TIMEOUT-MS},
 * {@code watch HUB-PROCESS SECONDS STEPS}, answered by what {@link Crowd.Seen} holds as a list of
 * numbers, and {@code leave}.
 */
final class CrowdProcess {
  /** Numbers before the seconds of the steps. */
  static final int FIGURES = 6;

  private static final int FAILED = 1;

  private @Nullable Crowd crowd;

  private CrowdProcess() {}

  /** Follows orders until its input ends or a worker fails. */
  public static void main(String[] arguments) throws InterruptedException {
    CrowdProcess process = new CrowdProcess();
    try {
      Scanner orders = new Scanner(System.in, StandardCharsets.UTF_8);
      while (orders.hasNext()) {
        System.out.println(process.follow(orders.next(), orders));
      }
    } catch (ExecutionException e) {
      System.err.println(e.getMessage());
      System.exit(FAILED);
    }
    System.exit(0);
  }

  private String follow(String order, Scanner words)
      throws InterruptedException, ExecutionException {
    return switch (order) {
      case "join" -> join(words);
      case "watch" -> watch(words);
      default -> leave();
    };
  }

  private String join(Scanner words) throws InterruptedException, ExecutionException {
    Endpoint hub = new Endpoint(Addresses.parse("hub", words.next()), HubProcess.TOKEN, null);
    int workers = words.nextInt();
    int[] vector = new int[words.nextInt()];
    Arrays.setAll(vector, i -> i % 1009 + 1);
    SumFormat format = SumFormat.valueOf(words.next());
    FailureLimits limits = new FailureLimits(Duration.ofMillis(words.nextLong()));
    Crowd joined = new Crowd(hub, workers, vector, format, limits);
    crowd = joined;
    joined.stepping().get();
    return "stepping";
  }

  private String watch(Scanner words) throws InterruptedException, ExecutionException {
    Crowd watched = crowd;
    if (watched == null) {
      throw new IllegalStateException("watch before join");
    }
    return numbers(watched.watch(words.nextLong(), words.nextDouble(), words.nextInt()).get());
  }

  private String leave() {
    if (crowd != null) {
      crowd.close();
    }
    return "left";
  }

  private static String numbers(Crowd.Seen seen) {
    DoubleStream figures =
        DoubleStream.of(
            seen.hub().user(),
            seen.hub().system(),
            seen.crowd().user(),
            seen.crowd().system(),
            (double) seen.sent(),
            (double) seen.received());
    return Arrays.toString(DoubleStream.concat(figures, Arrays.stream(seen.steps())).toArray());
  }
}
