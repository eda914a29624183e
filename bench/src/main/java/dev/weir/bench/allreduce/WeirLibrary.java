package dev.weir.bench.allreduce;

import dev.weir.bench.machine.Hosts;
import dev.weir.bench.machine.LineProcess;
import dev.weir.job.Topology;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Weir's own: the server, sessions, membership and reduction of a training run, around a replica
 * that keeps nothing. The coordinator is a process beside the ranks, as in a run.
 *
 * @param name in the table
 * @param topology who adds
 * @param chunkLength values per message
 * @param certificates folder that {@code weir certs} filled; empty for plaintext
 * @param log receives what the processes print besides answers
 * @param hosts where: the coordinator on the first, a rank on each of the others; null for all on
 *     the loopback device
 */
public record WeirLibrary(
    String name,
    Topology topology,
    int chunkLength,
    String certificates,
    File log,
    @Nullable Hosts hosts)
    implements Library {
  private static final String LOOPBACK = "127.0.0.1";

  /** Without TLS. */
  public static Library plain(Topology topology, int chunkLength, @Nullable Hosts hosts, File log) {
    return new WeirLibrary(name(topology), topology, chunkLength, "", log, hosts);
  }

  static Library withTls(Topology topology, int chunkLength, Path certificates, File log) {
    return new WeirLibrary(
        name(topology) + ", TLS", topology, chunkLength, certificates.toString(), log, null);
  }

  private static String name(Topology topology) {
    return "Weir " + topology.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Ranks start(int count) throws IOException {
    LineProcess coordinator = start(0, WeirCoordinator.class, "coordinator", "" + count);
    List<LineProcess> ranks = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      ranks.add(start(rank + 1, WeirRank.class, "worker", "rank-" + rank));
    }
    return new WeirRanks(coordinator, ranks, topology, chunkLength);
  }

  private LineProcess start(int host, Class<?> main, String certified, String what)
      throws IOException {
    String own = certificates.isEmpty() ? "" : Path.of(certificates, certified).toString();
    Hosts around = hosts;
    String listen = around == null ? LOOPBACK : Hosts.address(host);
    return LineProcess.java(
        main,
        List.of(),
        List.of(what, own, topology.name(), listen),
        log,
        line -> around == null ? line : around.on(host, line));
  }
}
