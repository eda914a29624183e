package dev.weir.bench.allreduce;

import dev.weir.bench.machine.LineProcess;
import java.io.IOException;
import java.util.List;

/** A coordinator and the ranks that all-reduce through it. */
final class WeirRanks implements Ranks {
  /** The remark of ranks that add directly where the topology leaves it open; or it is hub. */
  static final String DIRECT = "direct";

  private final LineProcess coordinator;
  private final List<LineProcess> ranks;
  private final boolean told;
  private int openBytes;

  /**
   * Takes over the processes.
   *
   * @param told whether the topology is remarked
   */
  WeirRanks(LineProcess coordinator, List<LineProcess> ranks, boolean told) {
    this.coordinator = coordinator;
    this.ranks = ranks;
    this.told = told;
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
    coordinator.order("open", values);
    String address = coordinator.answer();
    for (LineProcess rank : ranks) {
      rank.order("join", address, values, ranks.size());
    }
    for (LineProcess rank : ranks) {
      rank.answer();
    }
    openBytes = bytes;
  }

  @Override
  public String remark() throws IOException {
    return told ? ask("topology") : "";
  }

  private String ask(String order) throws IOException {
    coordinator.order(order);
    return coordinator.answer();
  }

  @Override
  public void close() {
    ranks.forEach(LineProcess::close);
    coordinator.close();
  }
}
