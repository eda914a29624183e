package dev.weir.bench.allreduce;

import dev.weir.cli.Addresses;
import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.process.Compilation;
import dev.weir.sum.SumFormat;
import dev.weir.tls.Credentials;
import dev.weir.wire.Endpoint;
import dev.weir.wire.Link;
import dev.weir.wire.LinkProbe;
import dev.weir.worker.AllReduceClient;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/**
 * A rank's process. Its orders are {@code join ADDRESS VALUES RANKS}, {@code sum ROUNDS}, answered
 * by the seconds of each round, and {@code leave}. A round lasts from one call of the all-reduce to
 * its return; what the others are late for is part of it. Every sum is checked in some places.
 */
final class WeirRank {
  static final String TOKEN = "all-reduce-of-weir-0123456789abc";
  static final FailureLimits LIMITS = new FailureLimits(Duration.ofSeconds(60));

  private static final int CHECKED_PLACES = 64;

  private final String name;
  private final @Nullable Credentials credentials;
  private final Topology topology;
  private final InetSocketAddress address;
  private @Nullable AllReduceClient client;
  private int[] vector = new int[0];
  private int ranks;
  private int round;

  private WeirRank(
      String name,
      @Nullable Credentials credentials,
      Topology topology,
      InetSocketAddress address) {
    this.name = name;
    this.topology = topology;
    this.credentials = credentials;
    this.address = address;
  }

  /**
   * Follows orders until its input ends.
   *
   * @param arguments the rank's name, folder of its certificate or nothing, topology, where to
   *     listen
   */
  public static void main(String[] arguments) throws InterruptedException {
    Compilation.optimizeLoopsOnly();
    WeirRank rank =
        new WeirRank(
            arguments[0],
            credentials(arguments[1]),
            Topology.valueOf(arguments[2]),
            new InetSocketAddress(arguments[3], 0));
    for (Scanner orders = orders(); orders.hasNext(); ) {
      System.out.println(rank.follow(orders.next(), orders));
    }
    System.exit(0);
  }

  static Scanner orders() {
    return new Scanner(System.in, StandardCharsets.UTF_8);
  }

  static @Nullable Credentials credentials(String folder) {
    return folder.isEmpty() ? null : Credentials.in(Path.of(folder));
  }

  private String follow(String order, Scanner words) throws InterruptedException {
    return switch (order) {
      case "join" -> join(words.next(), words.nextInt(), words.nextInt());
      case "sum" -> Arrays.toString(sum(words.nextInt()));
      default -> leave();
    };
  }

  private String join(String hub, int values, int count) throws InterruptedException {
    Endpoint server = new Endpoint(Addresses.parse("server", hub), TOKEN, credentials);
    InetSocketAddress listen = topology == Topology.HUB ? null : address;
    Link way = topology == Topology.AUTO ? LinkProbe.of(server) : null;
    client =
        new AllReduceClient(server, name, values, SumFormat.FIXED32, count, listen, way, LIMITS);
    vector = new int[values];
    ranks = count;
    round = 0;
    return "joined";
  }

  private String leave() {
    if (client != null) {
      client.close();
    }
    return "left";
  }

  private double[] sum(int rounds) throws InterruptedException {
    AllReduceClient peers = client;
    if (peers == null) {
      throw new IllegalStateException("sum before join");
    }
    double[] seconds = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      fill(peers.worker());
      long startNs = System.nanoTime();
      int[] sums = peers.allReduce(vector);
      seconds[i] = (System.nanoTime() - startNs) / 1e9;
      check(sums);
      round = (int) peers.round();
    }
    return seconds;
  }

  private void fill(int worker) {
    for (int i = 0; i < vector.length; i += stride()) {
      vector[i] = worker * (round + 1) + i;
    }
  }

  private void check(int[] sums) {
    int perRound = ranks * (ranks + 1) / 2;
    for (int i = 0; i < sums.length; i += stride()) {
      if (sums[i] != perRound * (round + 1) + ranks * i) {
        throw new IllegalStateException("round " + round + ", value " + i + ": " + sums[i]);
      }
    }
  }

  private int stride() {
    return Math.max(1, vector.length / CHECKED_PLACES);
  }
}
