package dev.weir.bench.allreduce;

import dev.weir.coordinator.AllReduceServer;
import dev.weir.job.Topology;
import dev.weir.process.Compilation;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import java.net.InetSocketAddress;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's process. Its orders are {@code open VALUES CHUNK_LENGTH}, answered by the
 * address where all-reduces of so many, so many per message, are served from then on, and {@code
 * topology}, answered by who adds.
 */
final class WeirCoordinator {
  private final int ranks;
  private final Door door;
  private final Topology topology;
  private final InetSocketAddress address;
  private @Nullable AllReduceServer server;

  private WeirCoordinator(int ranks, Door door, Topology topology, InetSocketAddress address) {
    this.address = address;
    this.ranks = ranks;
    this.door = door;
    this.topology = topology;
  }

  /**
   * Serves until its input ends.
   *
   * @param arguments number of ranks, folder of its certificate or nothing, topology, where to
   *     listen
   */
  public static void main(String[] arguments) {
    Compilation.optimizeLoopsOnly();
    WeirCoordinator coordinator =
        new WeirCoordinator(
            Integer.parseInt(arguments[0]),
            new Door(WeirRank.TOKEN, WeirRank.credentials(arguments[1])),
            Topology.valueOf(arguments[2]),
            new InetSocketAddress(arguments[3], 0));
    for (Scanner orders = WeirRank.orders(); orders.hasNext(); ) {
      boolean open = orders.next().equals("open");
      System.out.println(
          open ? coordinator.open(orders.nextInt(), orders.nextInt()) : coordinator.whoAdds());
    }
    System.exit(0);
  }

  private String open(int values, int chunkLength) {
    if (server != null) {
      server.close();
    }
    AllReduceServer opened =
        new AllReduceServer(
            address,
            door,
            new AllReduceServer.Plan(
                values,
                chunkLength,
                SumFormat.FIXED32,
                topology,
                ranks,
                ranks,
                Long.MAX_VALUE,
                WeirRank.LIMITS));
    server = opened;
    return opened.address();
  }

  private String whoAdds() {
    return server != null && server.isDirect() ? WeirRanks.DIRECT : WeirRanks.HUB;
  }
}
