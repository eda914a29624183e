package dev.weir.bench.allreduce;

import dev.weir.bench.machine.LineProcess;
import dev.weir.job.Topology;
import java.io.IOException;
import java.util.List;

/** A coordinator and the ranks that all-reduce through it. */
final class WeirRanks implements Ranks {
  /** How a coordinator's process says that the ranks add. */
  static final String DIRECT = "direct";

  /** How it says that it does. */
  static final String HUB = "hub";

  private final LineProcess coordinator;
  private final List<LineProcess> ranks;
  private final Topology topology;
  private final int chunkLength;
  private int openBytes;

  /**
   * Takes over the processes.
   *
   * @param topology who adds
   * @param chunkLength values per message
   */
  WeirRanks(LineProcess coordinator, List<LineProcess> ranks, Topology topology, int chunkLength) {
    this.coordinator = coordinator;
    this.ranks = ranks;
    this.topology = topology;
    this.chunkLength = chunkLength;
  }

  @Override
  public double[] rounds(int bytes, int rounds) throws IOException {
    if (bytes != openBytes) {
      open(bytes);
    }
    for (LineProcess rank : ranks) {
      rank.order("sum", rounds);
    }
    double[] slowest = new double[rounds];
    for (LineProcess rank : ranks) {
      double[] seconds = rank.numbers();
      for (int round = 0; round < rounds; round++) {
        slowest[round] = Math.max(slowest[round], seconds[round]);
      }
    }
    return slowest;
  }

  /** The length of the vector belongs to a run, so another length is another run. */
  private void open(int bytes) throws IOException {
    int values = bytes / Integer.BYTES;
    for (LineProcess rank : ranks) {
      rank.order("leave");
      rank.answer();
    }
    coordinator.order("open", values, chunkLength);
    String address = coordinator.answer();
    for (LineProcess rank : ranks) {
      rank.order("join", address, values, ranks.size());
    }
    for (LineProcess rank : ranks) {
      rank.answer();
    }
    openBytes = bytes;
  }

  /**
   * By the hub, each rank's vector goes to the coordinator and the sum to each rank; otherwise each
   * rank sends all but its own slice twice, and the slices' sums go to the coordinator.
   */
  @Override
  public long leastBytes(long bytes) throws IOException {
    int count = ranks.size();
    return (whoAdds().equals(DIRECT) ? 2L * (count - 1) + 1 : 2L * count) * bytes;
  }

  /** What auto has come to. */
  @Override
  public String remark() throws IOException {
    return topology == Topology.AUTO ? whoAdds() : "";
  }

  private String whoAdds() throws IOException {
    coordinator.order("topology");
    return coordinator.answer();
  }

  @Override
  public void close() {
    ranks.forEach(LineProcess::close);
    coordinator.close();
  }
}
