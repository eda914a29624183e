package dev.weir.bench.allreduce;

import dev.weir.coordinator.AllReduceServer;
import dev.weir.job.Topology;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's process: an order is a number of values, answered by the address where
 * all-reduces of so many are served from then on.
 */
final class WeirCoordinator {
  /** Values per message, the job file's default. */
  private static final int CHUNK_LENGTH = 16_384;

  private WeirCoordinator() {}

  /**
   * Serves until its input ends.
   *
   * @param arguments number of ranks, folder of its certificate or nothing, topology
   */
  public static void main(String[] arguments) throws IOException {
    Door door = new Door(WeirRank.TOKEN, WeirRank.credentials(arguments[1]));
    int ranks = Integer.parseInt(arguments[0]);
    @Nullable AllReduceServer server = null;
    for (Scanner orders = WeirRank.orders(); orders.hasNext(); ) {
      AllReduceServer.Plan plan =
          new AllReduceServer.Plan(
              orders.nextInt(),
              CHUNK_LENGTH,
              SumFormat.FIXED32,
              Topology.valueOf(arguments[2]),
              ranks,
              ranks,
              Long.MAX_VALUE,
              WeirRank.LIMITS);
      if (server != null) {
        server.close();
      }
      server =
          new AllReduceServer(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), door, plan);
      System.out.println(server.address());
    }
    System.exit(0);
  }
}
