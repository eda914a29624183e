package dev.weir.worker.train;

import dev.weir.model.TrainableModel;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;
import dev.weir.worker.gradient.ShardSums;
import dev.weir.worker.gradient.ShardWork;
import dev.weir.worker.gradient.SumsProgress;
import dev.weir.worker.rpc.CoordinatorLink;
import dev.weir.worker.rpc.Instruction;
import dev.weir.worker.rpc.Timings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole life of a worker in a run: compute the shards it is assigned, apply what everybody's
 * shards came to, again and again. It decides nothing; what it knows is the state of the current
 * step, which is everybody's.
 */
public final class TrainingLoop {
  private static final Logger log = LoggerFactory.getLogger(TrainingLoop.class);

  /** What was computed last; its sums are good until something else is. */
  private record Made(Instruction.Compute task, ShardSums sums) {
    boolean isFor(Instruction.Compute other) {
      return task.step() == other.step()
          && task.attempt() == other.attempt()
          && task.shards().equals(other.shards())
          && !sums.isAbandoned();
    }
  }

  private final CoordinatorLink link;
  private final TrainableModel model;
  private final ShardWork work;

  private TrainingState state;
  private long contributedNs;
  private long contributedStep = -1;
  private Timings lastStep = Timings.NONE;

  private @Nullable Made latest;

  /**
   * @param link a stream on which this worker has said that it is ready
   * @param model with the mask selected
   * @param state where to begin, until the coordinator sends its own
   */
  public TrainingLoop(
      CoordinatorLink link, TrainableModel model, ShardWork work, TrainingState state) {
    this.link = link;
    this.model = model;
    this.work = work;
    this.state = state;
  }

  /** The state that this worker is at; the model has its values. */
  public TrainingState state() {
    return state;
  }

  /** Follows instructions until there are no more, and returns the last one. */
  public Instruction.End run() throws InterruptedException {
    while (true) {
      Instruction instruction = link.next(state.step());
      if (instruction instanceof Instruction.Adopt adopt) {
        adopt(adopt.state());
      } else if (instruction instanceof Instruction.Compute task) {
        compute(task);
      } else if (instruction instanceof Instruction.Commit commit) {
        commit(commit);
      } else if (instruction instanceof Instruction.Skip skip) {
        skip(skip);
      } else if (instruction instanceof Instruction.End end) {
        return end;
      } else {
        throw new IllegalStateException("out of order: " + instruction);
      }
    }
  }

  private void adopt(byte[] bytes) {
    state = TrainingStateCodec.decode(bytes, "the coordinator's state", state.rule());
    model.write(state.values());
    work.reset();
    latest = null;
    log.info("continuing from step {}", state.step());
  }

  private void compute(Instruction.Compute task) throws InterruptedException {
    if (task.step() < state.step()) {
      // Others gave us sums that the coordinator lacks, if they are of use to it: it will then give
      // us the state of that step again. If it has them by now, it takes no notice.
      link.contribute(task, ShardSums.abandoned(task.shards()), state.fingerprint(), lastStep);
      return;
    }
    if (task.step() != state.step() || link.isNeedless(task.step())) {
      return; // Overtaken by others, who made it too, or by a newer state.
    }
    log.debug("step {}: computing shards {}", task.step(), task.shards());
    long fingerprint = state.fingerprint();
    ShardSums result = sums(task, fingerprint);
    if (result.isAbandoned() && !link.isEnded(task.step())) {
      return; // This worker's part in the run is over; else the coordinator is told that it is
      // free.
    }
    contributedNs = System.nanoTime();
    contributedStep = task.step();
    link.contribute(task, result, fingerprint, lastStep);
  }

  /**
   * What was computed last is sent again if only the way has changed; what is computed now begins
   * to be sent while the rest is computed.
   */
  private ShardSums sums(Instruction.Compute task, long fingerprint) throws InterruptedException {
    Made made = latest;
    if (made == null || !made.isFor(task)) {
      latest = null;
      SumsProgress progress =
          (losses, sums, from) -> link.advance(task, losses, sums, from, fingerprint);
      made = new Made(task, work.compute(state, task.attempt(), task.shards(), progress));
      latest = made;
    }
    return made.sums();
  }

  private void skip(Instruction.Skip skip) {
    if (skip.step() == state.step()) {
      log.warn("step {} is skipped by everybody: {}", skip.step(), skip.reason());
      state.skip();
    }
  }

  private void commit(Instruction.Commit commit) {
    if (commit.step() == state.step()) {
      long reducedNs = System.nanoTime();
      state.commit(commit.attempt(), commit.sums());
      model.write(state.values());
      long allReduceNs = commit.step() == contributedStep ? reducedNs - contributedNs : 0;
      lastStep = new Timings(allReduceNs, System.nanoTime() - reducedNs);
    }
    link.recycle(commit.sums());
  }
}
