package dev.weir.bench.allreduce;

import dev.weir.bench.machine.LineProcess;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Processes of which the first is told what to do: an order {@code BYTES ROUNDS}, answered by the
 * seconds of each round.
 */
final class RankProcesses implements Ranks {
  private final List<LineProcess> processes = new ArrayList<>();
  private final int count;

  /**
   * @param count number of ranks, N
   * @param commands one for each process; the first leads
   * @param log what they print besides answers
   */
  RankProcesses(int count, List<List<String>> commands, Map<String, String> environment, File log)
      throws IOException {
    this.count = count;
    for (List<String> command : commands) {
      processes.add(new LineProcess(command, environment, log));
    }
  }

  @Override
  public double[] rounds(int bytes, int rounds) throws IOException {
    LineProcess leader = processes.get(0);
    leader.order(bytes, rounds);
    return leader.numbers();
  }

  /** Each rank sends all but its own part twice. */
  @Override
  public long leastBytes(long bytes) {
    return 2L * (count - 1) * bytes;
  }

  @Override
  public void close() {
    processes.forEach(LineProcess::close);
  }
}
