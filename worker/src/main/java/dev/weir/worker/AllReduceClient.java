package dev.weir.worker;

import dev.weir.job.FailureLimits;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Endpoint;
import dev.weir.worker.gradient.ShardSums;
import dev.weir.worker.rpc.CoordinatorLink;
import dev.weir.worker.rpc.Instruction;
import dev.weir.worker.rpc.Timings;
import java.util.Collections;
import java.util.List;

/**
 * Takes part in all-reduces of vectors of integers, without a model, over the same stream as a
 * training worker's. Its other side is {@code dev.weir.coordinator.AllReduceServer}.
 */
public final class AllReduceClient implements AutoCloseable {
  private final CoordinatorLink link;
  private final int worker;
  private int[] last = new int[0];

  /**
   * Dials in and waits until it is let in.
   *
   * @param values length of the vectors, k
   * @param format how values travel; the server's
   * @throws IllegalStateException if it is not let in
   */
  public AllReduceClient(
      Endpoint server, String name, int values, SumFormat format, FailureLimits limits)
      throws InterruptedException {
    this.link = new CoordinatorLink(server, name);
    Instruction.Welcome welcome = expect(link.next(), Instruction.Welcome.class);
    this.worker = welcome.worker();
    link.beat(limits);
    link.ready(welcome, values, format, 0, 0);
  }

  /** The number this worker is known by, from 1 in the order in which workers dialed in. */
  public int worker() {
    return worker;
  }

  /**
   * Adds this vector to those of all others. If another worker is lost in the round, this one's
   * vector stands for its.
   *
   * @param values length k, read until this returns
   * @return the sums, of length k; valid until the next call
   * @throws IllegalStateException if the rounds are over, or the stream is
   */
  public int[] allReduce(int[] values) throws InterruptedException {
    if (last.length > 0) {
      link.recycle(last);
    }
    while (true) {
      Instruction next = link.next();
      if (next instanceof Instruction.Compute task) {
        contribute(task, values);
      } else if (next instanceof Instruction.Commit commit) {
        last = commit.sums();
        return last;
      } else {
        expect(next, Instruction.Adopt.class);
      }
    }
  }

  private void contribute(Instruction.Compute task, int[] values) throws InterruptedException {
    List<Double> losses = Collections.nCopies(task.shards().size(), 0.0);
    ShardSums sums = new ShardSums(task.shards(), losses, List.of(), values, 0, 0);
    link.contribute(task, sums, task.step(), Timings.NONE);
  }

  private static <T extends Instruction> T expect(Instruction next, Class<T> kind) {
    if (!kind.isInstance(next)) {
      throw new IllegalStateException("instead of " + kind.getSimpleName() + " came " + next);
    }
    return kind.cast(next);
  }

  @Override
  public void close() {
    link.close();
  }
}
