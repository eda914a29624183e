package dev.weir.bench.scale;

import dev.weir.bench.allreduce.Ranks;
import dev.weir.bench.allreduce.Times;
import dev.weir.bench.allreduce.WeirLibrary;
import dev.weir.bench.machine.Hosts;
import dev.weir.bench.machine.ProcessTimes;
import dev.weir.job.Topology;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator and a few ranks, each a process of its own, as {@code weir bench allreduce} has.
 */
final class RankTrial implements Trial {
  private static final int FEWEST = 3;
  private static final int MOST = 5_000;
  private static final int BURST = 50;

  private final Ranks ranks;

  /**
   * Starts them.
   *
   * @param chunkLength values per message
   * @param hosts one for each process; null for the loopback device
   * @param log what they print besides answers
   */
  RankTrial(ScaleModel.Way way, int count, int chunkLength, @Nullable Hosts hosts, File log)
      throws IOException {
    Topology topology = way == ScaleModel.Way.DIRECT ? Topology.DIRECT : Topology.HUB;
    ranks = WeirLibrary.plain(topology, chunkLength, hosts, log).start(count);
  }

  @Override
  public Point measure(Point.Shape shape, double warmUp, double seconds) throws IOException {
    int bytes = Math.toIntExact((long) shape.values() * Integer.BYTES);
    int rounds = FEWEST;
    long beganNs = System.nanoTime();
    double usual;
    do {
      usual = Math.max(1e-6, Times.of(ranks.rounds(bytes, rounds)).median());
      rounds = within(Math.min(BURST, warmUp / usual));
    } while (System.nanoTime() - beganNs < warmUp * 1e9);
    rounds = within(seconds / usual);
    double before = processorSeconds();
    double[] steps = ranks.rounds(bytes, rounds);
    double used = processorSeconds() - before;
    return new Point(shape, rounds, Times.of(steps), 0, 0, used / rounds, 0, 0, 0);
  }

  private static int within(double rounds) {
    return (int) Math.max(FEWEST, Math.min(MOST, rounds));
  }

  /** Of all Java processes that this one has started and that run. */
  private static double processorSeconds() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .mapToDouble(child -> ProcessTimes.of(child.pid()).total())
        .sum();
  }

  @Override
  public void close() {
    ranks.close();
  }
}
