package dev.weir.coordinator.rpc;

import dev.weir.coordinator.membership.Effect;
import dev.weir.coordinator.membership.Fault;
import dev.weir.coordinator.membership.Plan;
import dev.weir.proto.Assign;
import dev.weir.proto.Begin;
import dev.weir.proto.Owner;
import dev.weir.proto.Ready;
import dev.weir.proto.Skip;
import dev.weir.proto.Timing;
import dev.weir.proto.Welcome;
import dev.weir.wire.Link;
import java.util.function.IntFunction;

/** Between the coordinator's own types and the protocol's. */
final class Translation {
  private Translation() {}

  static Welcome welcome(int worker, long session, Briefing briefing) {
    return Welcome.newBuilder()
        .setWorker(worker)
        .setJob(briefing.job())
        .setChunkLength(briefing.chunkLength())
        .setModelDigest(briefing.digests().model())
        .setDataDigest(briefing.digests().data())
        .setMaskDigest(briefing.digests().mask())
        .setLife(briefing.life())
        .setSession(session)
        .build();
  }

  static Readiness readiness(Ready ready) {
    return new Readiness(
        new Digests(ready.getModelDigest(), ready.getDataDigest(), ready.getMaskDigest()),
        ready.getStep(),
        ready.getStateFingerprint(),
        ready.getExchangeAddress(),
        ready.hasLink() ? link(ready.getLink()) : null);
  }

  private static Link link(dev.weir.proto.Link link) {
    return new Link(
        link.getRoundTripNs(), link.getSentBytesPerSecond(), link.getReceivedBytesPerSecond());
  }

  static Assign assign(Effect.Assign assign) {
    return Assign.newBuilder()
        .setGeneration(assign.generation())
        .setStep(assign.step())
        .setAttempt(assign.attempt())
        .setPlan(assign.plan())
        .addAllShards(assign.shards().stream().boxed().toList())
        .build();
  }

  static Assign foretell(Effect.Foretell next) {
    return Assign.newBuilder()
        .setGeneration(next.generation())
        .setStep(next.step())
        .setPlan(next.plan())
        .addAllShards(next.shards().stream().boxed().toList())
        .setAhead(true)
        .build();
  }

  static dev.weir.proto.Plan plan(Plan plan, IntFunction<String> addresses) {
    dev.weir.proto.Plan.Builder message = dev.weir.proto.Plan.newBuilder().setNumber(plan.number());
    for (int worker : plan.owners()) {
      message.addOwners(Owner.newBuilder().setWorker(worker).setAddress(addresses.apply(worker)));
    }
    return message.build();
  }

  static Skip skip(Effect.Skip skip) {
    return Skip.newBuilder()
        .setStep(skip.step())
        .setWorker(skip.worker())
        .setFault(
            dev.weir.proto.Fault.newBuilder()
                .setKind(dev.weir.proto.Fault.Kind.NON_FINITE)
                .setShard(skip.fault().shard())
                .setParameter(skip.fault().parameter()))
        .build();
  }

  static Claim claim(Begin message) {
    return new Claim(
        message.getStep(),
        message.getAttempt(),
        message.getShardsList(),
        message.getLossesList(),
        message.getStateFingerprint(),
        message.getPlan());
  }

  static Contribution contribution(dev.weir.proto.Contribution message) {
    Claim claim =
        new Claim(
            message.getStep(),
            message.getAttempt(),
            message.getShardsList(),
            message.getLossesList(),
            message.getStateFingerprint(),
            message.getPlan());
    return new Contribution(
        claim,
        message.getFaultsList().stream().map(Translation::fault).toList(),
        times(message.getTiming()));
  }

  private static WorkerTimes times(Timing timing) {
    return new WorkerTimes(
        timing.getCompute(), timing.getGather(), timing.getAllReduce(), timing.getUpdate());
  }

  private static Fault fault(dev.weir.proto.Fault fault) {
    Fault.Kind kind =
        fault.getKind() == dev.weir.proto.Fault.Kind.OVERFLOW
            ? Fault.Kind.OVERFLOW
            : Fault.Kind.NON_FINITE;
    return new Fault(kind, fault.getShard(), fault.getParameter());
  }
}
