package dev.weir.worker;

import dev.weir.job.FailureLimits;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Endpoint;
import dev.weir.wire.Link;
import dev.weir.worker.gradient.ShardSums;
import dev.weir.worker.rpc.CoordinatorLink;
import dev.weir.worker.rpc.Instruction;
import dev.weir.worker.rpc.Timings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in all-reduces of vectors of integers, without a model, over the same stream as a
 * training worker's. Its other side is {@code dev.weir.coordinator.AllReduceServer}.
 */
public final class AllReduceClient implements AutoCloseable {
  private final CoordinatorLink link;
  private final int worker;
  private int[] last = new int[0];
  private volatile long step; // Written by the thread that works.

  /**
   * Dials in and waits until it is let in.
   *
   * @param values length of the vectors, k
   * @param format how values travel; the server's
   * @param shards vectors that are added in each round, S; the server's
   * @param listen where to serve others, for the topologies direct and auto; null for the hub
   * @param way to the server, for the topology auto; null if it is not known
   * @throws IllegalStateException if it is not let in
   */
  public AllReduceClient(
      Endpoint server,
      String name,
      int values,
      SumFormat format,
      int shards,
      @Nullable InetSocketAddress listen,
      @Nullable Link way,
      FailureLimits limits)
      throws InterruptedException {
    this.link = new CoordinatorLink(server, name);
    Instruction.Welcome welcome = expect(link.next(), Instruction.Welcome.class);
    this.worker = welcome.worker();
    link.beat(limits);
    if (listen != null) {
      link.serve(listen, listen.getHostString(), welcome, values, shards, format);
    }
    link.ready(welcome, values, format, 0, 0, way);
  }

  /** The number this worker is known by, from 1 in the order in which workers joined. */
  public int worker() {
    return worker;
  }

  /** The round that the next call is about, if nothing is missed. Any thread may ask. */
  public long round() {
    return step;
  }

  /**
   * Adds this vector to those of all others. If another worker is lost in the round, this one's
   * vector may stand for its.
   *
   * @param values length k, read until this returns
   * @return the sums, of length k; valid until the next call
   * @throws IllegalStateException if the rounds are over, or the stream is
   */
  public int[] allReduce(int[] values) throws InterruptedException {
    return allReduce(shards -> values);
  }

  /**
   * Adds the vectors of shards, of which each worker makes some. One that has missed a round is in
   * the next, as {@link #round} tells.
   *
   * @param vectors makes the sum of some shards, of length k, good until its next call
   * @return as above
   * @throws IllegalStateException as above
   */
  public int[] allReduce(Function<List<Integer>, int[]> vectors) throws InterruptedException {
    if (last.length > 0) {
      link.recycle(last);
      last = new int[0];
    }
    while (true) {
      Instruction next = link.next(step);
      if (next instanceof Instruction.Compute task) {
        if (task.step() == step) {
          contribute(task, vectors.apply(task.shards()));
        } else if (task.step() < step) {
          link.contribute(task, ShardSums.abandoned(task.shards()), step, Timings.NONE);
        }
      } else if (next instanceof Instruction.Commit commit) {
        if (commit.step() == step) {
          step = commit.step() + 1;
          last = commit.sums();
          return last;
        }
        link.recycle(commit.sums());
      } else {
        step = ByteBuffer.wrap(expect(next, Instruction.Adopt.class).state()).getLong();
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
