package dev.weir.worker.rpc;

import dev.weir.proto.Begin;
import dev.weir.proto.Contribution;
import dev.weir.proto.Fault;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Timing;
import dev.weir.sum.SumFormat;
import dev.weir.worker.gradient.ShardFault;
import dev.weir.worker.gradient.ShardSums;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what a worker's shards come to. For the training thread. */
final class Contributor {
  private final Outbox coordinator;
  private final @Nullable Exchange exchange;
  private final int chunkLength;
  private final SumFormat format;
  private @Nullable Departure departure;

  /**
   * @param exchange with other workers; null if there is none
   * @param chunkLength values per chunk
   * @param format how values travel
   */
  Contributor(Outbox coordinator, @Nullable Exchange exchange, int chunkLength, SumFormat format) {
    this.coordinator = coordinator;
    this.exchange = exchange;
    this.chunkLength = chunkLength;
    this.format = format;
  }

  /** What comes next belongs to another task. */
  void reset() {
    departure = null;
  }

  /** As {@link CoordinatorLink#advance}. */
  void advance(
      Instruction.Compute task, List<Double> losses, int[] sums, int from, long fingerprint) {
    if (departure == null) {
      // Before its sums are anywhere, the coordinator knows all that must be known to commit them.
      Begin begin = begin(task, fingerprint).setPlan(task.plan()).addAllLosses(losses).build();
      coordinator.send(FromWorker.newBuilder().setBegin(begin).build());
      departure = depart(task, sums.length, fingerprint);
    }
    departure.advance(sums, from);
  }

  /** As {@link CoordinatorLink#contribute}. */
  void contribute(Instruction.Compute task, ShardSums result, long fingerprint, Timings timings)
      throws InterruptedException {
    Contribution header = header(task, result, fingerprint, timings);
    coordinator.send(FromWorker.newBuilder().setContribution(header).build());
    if (result.faults().isEmpty() && !result.isAbandoned()) {
      Departure begun = departure;
      if (begun == null) {
        begun = depart(task, result.sums().length, fingerprint);
      }
      begun.finish(result.sums());
    }
    reset();
  }

  private Departure depart(Instruction.Compute task, int values, long fingerprint) {
    return new Departure(task, way(task, fingerprint), values, chunkLength, format);
  }

  private Way way(Instruction.Compute task, long fingerprint) {
    if (task.plan() == 0) {
      return new Way.ToCoordinator(coordinator);
    }
    return exchange == null
        ? Way.NOWHERE
        : exchange.way(task.plan(), begin(task, fingerprint).build());
  }

  private static Begin.Builder begin(Instruction.Compute task, long fingerprint) {
    return Begin.newBuilder()
        .setStep(task.step())
        .setAttempt(task.attempt())
        .addAllShards(task.shards())
        .setStateFingerprint(fingerprint);
  }

  private static Contribution header(
      Instruction.Compute task, ShardSums result, long fingerprint, Timings timings) {
    Contribution.Builder header =
        Contribution.newBuilder()
            .setGeneration(task.generation())
            .setStep(task.step())
            .setAttempt(task.attempt())
            .setPlan(task.plan())
            .addAllShards(result.shards())
            .addAllLosses(result.losses())
            .setStateFingerprint(fingerprint)
            .setTiming(
                Timing.newBuilder()
                    .setCompute(result.computeNs())
                    .setGather(result.gatherNs())
                    .setAllReduce(timings.allReduceNs())
                    .setUpdate(timings.updateNs()));
    for (ShardFault fault : result.faults()) {
      header.addFaults(
          Fault.newBuilder()
              .setKind(
                  fault.kind() == ShardFault.Kind.OVERFLOW
                      ? Fault.Kind.OVERFLOW
                      : Fault.Kind.NON_FINITE)
              .setShard(fault.shard())
              .setParameter(fault.parameter()));
    }
    return header.build();
  }
}
