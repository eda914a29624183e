package dev.weir.worker;

import dev.weir.data.ShardBatches;
import dev.weir.job.Topology;
import dev.weir.mask.Mask;
import dev.weir.mask.MaskCodec;
import dev.weir.problem.UserException;
import dev.weir.state.TrainingState;
import dev.weir.sum.SumFormat;
import dev.weir.task.Task;
import dev.weir.wire.Link;
import dev.weir.wire.LinkProbe;
import dev.weir.worker.gradient.LocalRounds;
import dev.weir.worker.gradient.Pace;
import dev.weir.worker.gradient.ShardGradients;
import dev.weir.worker.gradient.ShardWork;
import dev.weir.worker.rpc.CoordinatorLink;
import dev.weir.worker.rpc.Instruction;
import dev.weir.worker.train.TrainingLoop;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker has of a run: model, data, mask and state. It outlives a broken stream, so that a
 * worker that dials again goes on where it was. Not thread-safe.
 */
final class Loaded implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loaded.class);

  private final String job;
  private final Task task;
  private final byte[] encodedMask;
  private final Mask mask;
  private final ShardBatches batches;
  private final Pace pace;
  private TrainingState state;
  private boolean saidThatItDoesNotServe;

  /**
   * Takes over the task and the bytes.
   *
   * @param job as the coordinator told it
   * @param task of that job
   * @param encodedMask the mask, as it travelled
   * @param sender of the mask, for the message if it is wrong
   * @throws UserException if it is wrong
   */
  Loaded(String job, Task task, byte[] encodedMask, String sender, Pace pace) {
    this.job = job;
    this.task = task;
    this.encodedMask = encodedMask;
    this.mask = MaskCodec.decode(task.model().layout(), encodedMask, sender);
    this.state = task.newState(mask);
    this.batches = task.shardBatches();
    this.pace = pace;
  }

  /** Whether this is of a job, in YAML. */
  boolean isOf(String other) {
    return job.equals(other);
  }

  /** Whether this is what the coordinator wants trained. */
  boolean isOf(Instruction.Welcome welcome) {
    return isOf(welcome.job()) && mask.digest().equals(welcome.maskDigest());
  }

  Task task() {
    return task;
  }

  Mask mask() {
    return mask;
  }

  /** The mask, as it travelled; not to be modified. */
  byte[] encodedMask() {
    return encodedMask;
  }

  /**
   * Says that this worker is ready, and with which state. May measure the way to the coordinator
   * before, if the topology depends on it.
   *
   * @param serving where it serves others if the job's topology has them add
   * @throws UserException if it must serve others and cannot
   */
  void ready(CoordinatorLink link, Instruction.Welcome welcome, Serving serving)
      throws InterruptedException {
    Topology topology = task.job().communication().topology();
    Link way = null;
    if (topology == Topology.DIRECT) {
      serve(link, welcome, serving);
    } else if (topology == Topology.AUTO && mayServe(link, welcome, serving)) {
      way = LinkProbe.of(serving.coordinator().lookedUp());
    }
    link.ready(welcome, mask.size(), format(), state.step(), state.fingerprint(), way);
  }

  private void serve(CoordinatorLink link, Instruction.Welcome welcome, Serving serving) {
    InetSocketAddress listen = serving.address();
    link.serve(
        listen,
        serving.hostOf(listen),
        welcome,
        mask.size(),
        task.job().training().shards(),
        format());
  }

  /** Serves if that is possible; otherwise says so once, and sums go through the coordinator. */
  private boolean mayServe(CoordinatorLink link, Instruction.Welcome welcome, Serving serving) {
    try {
      serve(link, welcome, serving);
      return true;
    } catch (UserException e) {
      if (!saidThatItDoesNotServe) {
        saidThatItDoesNotServe = true;
        log.warn(
            "this worker serves no others, so all sums go through the coordinator: {}",
            e.getMessage());
      }
      return false;
    }
  }

  private SumFormat format() {
    return task.job().communication().precision().format();
  }

  /** Trains on a stream until it ends, from the state that this has to the one it has then. */
  Instruction.End train(CoordinatorLink link) throws InterruptedException {
    TrainingLoop loop = new TrainingLoop(link, task.model(), work(link), state);
    Instruction.End end = loop.run();
    state = loop.state();
    return end;
  }

  private ShardWork work(CoordinatorLink link) {
    int batchSize = task.job().training().batchSize();
    return task.job().communication().everySteps() == 1
        ? new ShardGradients(task.model(), mask, batches, batchSize, pace)
        : new LocalRounds(task.model(), mask, batches, batchSize, pace, link::isNeedless);
  }

  /** The step at which the last stream ended. */
  long step() {
    return state.step();
  }

  @Override
  public void close() {
    task.close();
  }
}
