package dev.weir.bench.allreduce;

import dev.weir.bench.machine.Shell;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What others use: {@code allreduce.py} of the peers.
 *
 * @param name in the table
 * @param peers the folder of the script and its virtual environment
 * @param log receives what the processes print besides answers
 */
record PeerLibrary(String name, Path peers, File log, boolean mpi) implements Library {
  /** TCP between all processes, as between machines; waiting processes give the core away. */
  private static final String MPIRUN =
      "mpirun --allow-run-as-root --oversubscribe --mca pml ob1 --mca btl tcp,self"
          + " --mca btl_tcp_if_include lo --mca mpi_yield_when_idle 1 -np ";

  static PeerLibrary gloo(Path peers, File log) {
    return new PeerLibrary("gloo", peers, log, false);
  }

  static PeerLibrary openMpi(Path peers, File log) {
    return new PeerLibrary("Open MPI, TCP", peers, log, true);
  }

  /** Whether that can be started, or why not. */
  String version() {
    return mpi
        ? Shell.run("mpirun --version").lines().findFirst().orElse("")
        : "torch "
            + Shell.run(
                    List.of(
                        peers.resolve("venv/bin/python").toString(),
                        "-c",
                        "import torch; print(torch.__version__)"))
                .strip();
  }

  @Override
  public Ranks start(int count) throws IOException {
    return new RankProcesses(
        count,
        mpi ? List.of(mpirun(count)) : gloo(count),
        Map.of("OMP_NUM_THREADS", "1", "GLOO_SOCKET_IFNAME", "lo"),
        log);
  }

  private List<String> mpirun(int count) {
    List<String> line = new ArrayList<>(List.of((MPIRUN + count).split(" ")));
    line.addAll(script("mpi"));
    return line;
  }

  private List<List<String>> gloo(int count) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<List<String>> lines = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      List<String> line = script("gloo");
      line.addAll(List.of("--rank", "" + rank, "--world-size", "" + count));
      line.addAll(List.of("--store", "127.0.0.1:" + port));
      lines.add(line);
    }
    return lines;
  }

  private List<String> script(String library) {
    return new ArrayList<>(
        List.of(
            peers.resolve("venv/bin/python").toString(),
            peers.resolve("allreduce.py").toString(),
            library));
  }
}
