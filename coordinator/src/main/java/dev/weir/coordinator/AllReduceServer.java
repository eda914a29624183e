package dev.weir.coordinator;

import dev.weir.coordinator.membership.Rules;
import dev.weir.coordinator.progress.RunListener;
import dev.weir.coordinator.rpc.Briefing;
import dev.weir.coordinator.rpc.Digests;
import dev.weir.coordinator.rpc.TrainingServer;
import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Serves all-reduces of vectors of integers, without a model: what is measured and tested here is
 * exactly what a run does, the same server, sessions, membership and reduction, around a replica
 * that keeps nothing. Its other side is {@code dev.weir.worker.AllReduceClient}.
 */
public final class AllReduceServer implements AutoCloseable {
  private static final int MAX_ATTEMPTS = 1;

  /**
   * What is to be exchanged.
   *
   * @param values length of the vectors, k
   * @param chunkLength values per message
   * @param format how values travel
   * @param topology who adds
   * @param shards vectors that are added in each round, S
   * @param workers how many the first round waits for; they share the shards
   * @param rounds all-reduces until the end
   * @param limits when a worker counts as lost
   */
  public record Plan(
      int values,
      int chunkLength,
      SumFormat format,
      Topology topology,
      int shards,
      int workers,
      long rounds,
      FailureLimits limits) {}

  private final EventLoop loop = new EventLoop("weir-all-reduce");
  private final WireBytes bytes = new WireBytes();
  private final StepLoop steps;
  private final ScheduledFuture<?> ticks;
  private final TrainingServer server;
  private volatile boolean direct;

  /** Notes what the topology auto means. */
  private final class Choices implements RunListener {
    @Override
    public void chose(boolean isDirect, String reason) {
      direct = isDirect;
    }
  }

  /** Begins to listen; the first round begins when all workers are there. */
  public AllReduceServer(InetSocketAddress address, Door door, Plan plan) {
    Briefing briefing = new Briefing("", plan.chunkLength(), new Digests("", "", ""));
    Prepared prepared = new Prepared(briefing, new byte[1], plan.values(), plan.format());
    Rules rules =
        new Rules(
            plan.shards(),
            plan.rounds(),
            1,
            1,
            plan.workers(),
            false,
            1,
            MAX_ATTEMPTS,
            false,
            plan.topology(),
            prepared.costs(),
            plan.limits());
    this.direct = plan.topology() == Topology.DIRECT;
    this.steps = new StepLoop(rules, prepared, new NoState(), bytes, new Choices());
    this.server = new TrainingServer(address, door, loop, bytes, steps);
    long tickNs = plan.limits().tick().toNanos();
    this.ticks =
        loop.executor().scheduleAtFixedRate(steps::tick, tickNs, tickNs, TimeUnit.NANOSECONDS);
  }

  /** Where workers dial in, as host:port. */
  public String address() {
    return server.address();
  }

  /** Whether the workers add: what the topology says, or means by now if it is auto. */
  public boolean isDirect() {
    return direct;
  }

  /** Bytes at this side's sockets. */
  public WireBytes bytes() {
    return bytes;
  }

  /**
   * Waits for the last round.
   *
   * @throws IllegalStateException if it was not reached
   */
  public void await() throws InterruptedException {
    try {
      Ending ending = steps.ending().get();
      if (ending.kind() != Ending.Kind.FINISHED) {
        throw new IllegalStateException(ending.reason());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the exchange failed", e.getCause());
    }
  }

  @Override
  public void close() {
    ticks.cancel(false);
    server.close();
    loop.close();
  }
}
