package dev.weir.bench.allreduce;

import dev.weir.job.Topology;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Weir's own: the server, sessions, membership and reduction of a training run, around a replica
 * that keeps nothing. The coordinator is a process beside the ranks, as in a run.
 *
 * @param name in the table
 * @param topology who adds
 * @param certificates folder that {@code weir certs} filled; empty for plaintext
 * @param log receives what the processes print besides answers
 */
record WeirLibrary(String name, Topology topology, String certificates, File log)
    implements Library {
  static Library plain(Topology topology, File log) {
    return new WeirLibrary(name(topology), topology, "", log);
  }

  static Library withTls(Topology topology, Path certificates, File log) {
    return new WeirLibrary(name(topology) + ", TLS", topology, certificates.toString(), log);
  }

  private static String name(Topology topology) {
    return "Weir " + topology.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Ranks start(int count) throws IOException {
    LineProcess coordinator = start(WeirCoordinator.class, "coordinator", "" + count);
    List<LineProcess> ranks = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      ranks.add(start(WeirRank.class, "worker", "rank-" + rank));
    }
    return new WeirRanks(coordinator, ranks, topology == Topology.AUTO);
  }

  /**
   * By the hub, each rank's vector goes to the coordinator and the sum to each rank; otherwise each
   * rank sends all but its own slice twice, and the slices' sums go to the coordinator. What it is
   * by auto, the remark says.
   */
  @Override
  public long leastBytes(int count, long bytes, String remark) {
    boolean direct = topology == Topology.DIRECT || remark.equals(WeirRanks.DIRECT);
    return (direct ? 2L * (count - 1) + 1 : 2L * count) * bytes;
  }

  private LineProcess start(Class<?> main, String certified, String what) throws IOException {
    String own = certificates.isEmpty() ? "" : Path.of(certificates, certified).toString();
    return new LineProcess(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            what,
            own,
            topology.name()),
        Map.of(),
        log);
  }
}
