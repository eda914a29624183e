package dev.weir.bench.scale;

import dev.weir.coordinator.AllReduceServer;
import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/**
 * The hub's process: a run's own server, sessions, membership and reduction, around a replica that
 * keeps nothing. Its orders are {@code serve HOST WORKERS VALUES CHUNK FORMAT TIMEOUT-MS}, answered
 * by where it listens, and {@code memory}, answered by the bytes of its heap after a collection.
 */
final class HubProcess {
  /** How the name of the hub's event loop begins. */
  static final String LOOP = "weir-all-reduce";

  static final String TOKEN = "scale-of-weir-0123456789abcdefgh";

  private @Nullable AllReduceServer server;

  private HubProcess() {}

  /** Follows orders until its input ends. */
  public static void main(String[] arguments) throws IOException {
    HubProcess hub = new HubProcess();
    Scanner orders = new Scanner(System.in, StandardCharsets.UTF_8);
    while (orders.hasNext()) {
      System.out.println(orders.next().equals("serve") ? hub.serve(orders) : memory());
    }
    System.exit(0);
  }

  private String serve(Scanner words) {
    if (server != null) {
      server.close();
    }
    String host = words.next();
    int workers = words.nextInt();
    AllReduceServer.Plan plan =
        new AllReduceServer.Plan(
            words.nextInt(),
            words.nextInt(),
            SumFormat.valueOf(words.next()),
            Topology.HUB,
            workers,
            workers,
            Long.MAX_VALUE,
            new FailureLimits(Duration.ofMillis(words.nextLong())));
    server = new AllReduceServer(new InetSocketAddress(host, 0), new Door(TOKEN, null), plan);
    return server.address();
  }

  private static String memory() {
    System.gc();
    return "[" + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + "]";
  }
}
