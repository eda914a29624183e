package dev.weir.worker.rpc;

import dev.weir.job.FailureLimits;
import dev.weir.proto.Alive;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.proto.Join;
import dev.weir.proto.Leave;
import dev.weir.proto.Ready;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Link;
import dev.weir.wire.Protocol;
import dev.weir.wire.Rejection;
import dev.weir.wire.Streams;
import dev.weir.wire.TlsProbe;
import dev.weir.wire.Transport;
import dev.weir.wire.WireBytes;
import dev.weir.worker.gradient.ShardSums;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of its stream. Receiving happens on the event loop; the training thread takes
 * instructions with {@link #next} and sends contributions.
 */
public final class CoordinatorLink implements AutoCloseable {
  /**
   * Bytes that may wait in the socket's queue before a sender of chunks pauses: enough for the
   * event loop to have something to write, and few enough to be in a cache still when it does.
   */
  static final int READY_BYTES = 1 << 20;

  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

  /** How long the last sums, from other workers, may come after the coordinator's last word. */
  private static final Duration LAST_SUMS_PATIENCE = Duration.ofSeconds(1);

  /** How long one that has missed sums waits for a state or the end of the run. */
  private static final Duration MISSED_PATIENCE = Duration.ofMillis(500);

  private static final int LEAVE_SECONDS = 1;

  private final EventLoop loop = new EventLoop("weir-worker-io");
  private final ManagedChannel channel;
  private final Receiver receiver = new Receiver();
  private final Endpoint coordinator;
  private final String maskDigest;
  private boolean begun;
  private volatile boolean closed;
  private volatile boolean leaving;
  private final WireBytes bytes = new WireBytes();
  private final Deque<Instruction> early = new ArrayDeque<>();
  private @Nullable Exchange exchange;
  private @Nullable Future<?> heartbeat;
  private @Nullable Future<?> givingUp;
  private @Nullable Contributor contributor;

  /**
   * Opens the stream and asks to be let in. Whether that succeeded is told by the first
   * instruction.
   *
   * @param name how messages shall name this worker
   */
  public CoordinatorLink(Endpoint coordinator, String name) {
    this(coordinator, name, "");
  }

  /**
   * Opens the stream as above.
   *
   * @param maskDigest of the mask that was trained before the last stream broke, which need not be
   *     sent again if it is the same; empty if there was none
   */
  public CoordinatorLink(Endpoint coordinator, String name, String maskDigest) {
    this.maskDigest = maskDigest;
    this.coordinator = coordinator;
    this.channel = Transport.channel(coordinator.address(), coordinator.credentials(), loop, bytes);
    Streams.open(
        channel,
        coordinator.token(),
        Protocol.SESSION,
        CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES),
        receiver);
    Join join =
        Join.newBuilder()
            .setProtocol(Protocol.VERSION)
            .setName(name)
            .setMaskDigest(maskDigest)
            .build();
    receiver.outbox().send(FromWorker.newBuilder().setJoin(join).build());
  }

  /** Waits for the next instruction. */
  public Instruction next() throws InterruptedException {
    Instruction next = receiver.next();
    boolean first = !begun;
    begun = true;
    if (first
        && maskDigest.isEmpty() // Else its way of speaking is known.
        && next instanceof Instruction.Broken
        && coordinator.credentials() == null
        && TlsProbe.isSpoken(coordinator.address(), PROBE_PATIENCE)) {
      return new Instruction.Rejected(Rejection.PLAINTEXT.reason(), Rejection.PLAINTEXT.remedy());
    }
    return next;
  }

  /**
   * Waits for the next instruction that is not about a later step than {@code step}. What is comes
   * in its turn: where workers add, an assignment may overtake the sums of the step before.
   */
  public Instruction next(long step) throws InterruptedException {
    Contributor ready = contributor;
    if (ready != null) {
      ready.reset();
    }
    for (Iterator<Instruction> each = early.iterator(); each.hasNext(); ) {
      Instruction instruction = each.next();
      if (instruction.ofStep() <= step) {
        each.remove();
        return instruction;
      }
    }
    while (true) {
      Instruction next = next();
      if (next instanceof Instruction.Adopt) {
        early.clear();
        stay();
      }
      if (next instanceof Instruction.Finish && receiver.steps().hasAssigned(step)) {
        early.add(next);
        return receiver.lastSums(LAST_SUMS_PATIENCE).orElse(next);
      }
      if (next.ofStep() <= step) {
        return next;
      }
      if (next instanceof Instruction.Commit commit) {
        recycle(commit.sums());
        giveUpSoon("it went on to step " + commit.step() + " without this worker");
      } else {
        early.add(next);
      }
    }
  }

  /** It will be given the state when it dials again, unless it is before, or all is over. */
  private void giveUpSoon(String reason) {
    if (givingUp == null) {
      givingUp =
          loop.executor()
              .schedule(
                  () -> receiver.giveUp(reason), MISSED_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void stay() {
    if (givingUp != null) {
      givingUp.cancel(false);
      givingUp = null;
    }
  }

  /**
   * Serves other workers, so that this one can own a slice; to be called before {@link #ready}.
   *
   * @param listen where
   * @param host by which others reach that
   * @param length number of values of the masked vector, k
   * @param shards of a step, S
   * @param precision how values travel
   * @throws dev.weir.problem.UserException if the address cannot be listened on
   */
  public void serve(
      InetSocketAddress listen,
      String host,
      Instruction.Welcome welcome,
      int length,
      int shards,
      SumFormat precision) {
    Greet self = Greet.newBuilder().setLife(welcome.life()).setWorker(welcome.worker()).build();
    Exchange.Shape shape = new Exchange.Shape(length, welcome.chunkLength(), shards, precision);
    exchange = new Exchange(listen, host, coordinator, self, shape, loop, bytes, receiver);
    receiver.exchangeBy(exchange);
  }

  /** Bytes at this worker's sockets. */
  public WireBytes bytes() {
    return bytes;
  }

  /**
   * Says that everything is loaded, and from now on, every {@code interval}, that this worker
   * lives.
   *
   * @param welcome what the coordinator expects, whose digests were found to be ours
   * @param length number of values of the masked vector, k
   * @param precision how they travel
   * @param step of the state that this worker has, which is not sent again if it is the run's
   * @param fingerprint of that state
   * @param way to the coordinator, if the topology depends on it; null if it does not, or is not
   *     known
   */
  public void ready(
      Instruction.Welcome welcome,
      int length,
      SumFormat precision,
      long step,
      long fingerprint,
      @Nullable Link way) {
    int chunkLength = welcome.chunkLength();
    receiver.expect(new ReducedVector(length, chunkLength, precision));
    contributor = new Contributor(receiver.outbox(), exchange, chunkLength, precision);
    Ready.Builder ready =
        Ready.newBuilder()
            .setModelDigest(welcome.modelDigest())
            .setDataDigest(welcome.dataDigest())
            .setMaskDigest(welcome.maskDigest())
            .setStep(step)
            .setStateFingerprint(fingerprint)
            .setExchangeAddress(exchange == null ? "" : exchange.address());
    if (way != null) {
      ready.setLink(
          dev.weir.proto.Link.newBuilder()
              .setRoundTripNs(way.roundTripNs())
              .setSentBytesPerSecond(way.sentPerSecond())
              .setReceivedBytesPerSecond(way.receivedPerSecond()));
    }
    receiver.outbox().send(FromWorker.newBuilder().setReady(ready).build());
  }

  /**
   * From now on says every now and then that this worker lives, and gives the coordinator up when
   * it does not say the same.
   */
  public void beat(FailureLimits limits) {
    FromWorker alive = FromWorker.newBuilder().setAlive(Alive.getDefaultInstance()).build();
    Watch watch = new Watch(limits, System.nanoTime());
    receiver.watch(watch);
    long everyNs = limits.heartbeat().toNanos();
    heartbeat =
        loop.executor()
            .scheduleAtFixedRate(
                () -> {
                  receiver.outbox().send(alive);
                  reportIfBehind(limits);
                  if (watch.isSilent(System.nanoTime())) {
                    receiver.giveUp("it was not heard for " + limits.silence().toMillis() + " ms");
                  }
                },
                everyNs,
                everyNs,
                TimeUnit.NANOSECONDS);
  }

  private void reportIfBehind(FailureLimits limits) {
    Exchange others = exchange;
    if (others != null
        && receiver.steps().isBehind(System.nanoTime(), limits.failureTimeout().toNanos())) {
      others.unreachable(0, "its sums do not come");
    }
  }

  /**
   * Begins to send the sums of shards of which some are still being computed: what is known of
   * them, and can be sent at once.
   *
   * @param losses of all its shards, in their order
   * @param sums length k, read until this returns
   * @param from where what is known begins
   * @param fingerprint of the state that the gradients are computed from
   */
  public void advance(
      Instruction.Compute task, List<Double> losses, int[] sums, int from, long fingerprint) {
    if (!isNeedless(task.step())) {
      contributor().advance(task, losses, sums, from, fingerprint);
    }
  }

  /**
   * Sends what some shards came to: their sums, as far as that has not been done, or only what is
   * wrong with them. By a plan, sums go to its owners.
   *
   * @param fingerprint of the state that the gradients were computed from
   */
  public void contribute(
      Instruction.Compute task, ShardSums result, long fingerprint, Timings timings)
      throws InterruptedException {
    contributor().contribute(task, result, fingerprint, timings);
  }

  private Contributor contributor() {
    Contributor ready = contributor;
    if (ready == null) {
      throw new IllegalStateException("nothing can be contributed before this worker is ready");
    }
    return ready;
  }

  /** Whether its event loop answers, or there is nothing left for it to do. Blocks for a moment. */
  public boolean isAlive() {
    return closed || loop.answers(ANSWER_PATIENCE);
  }

  /** Whether the end of {@code step} has come in, so that nobody needs its shards any more. */
  public boolean isEnded(long step) {
    return receiver.steps().isEnded(step);
  }

  /**
   * Whether what is made of {@code step} is of no use: it has ended, or this worker's part in it.
   */
  public boolean isNeedless(long step) {
    return leaving || receiver.isOver() || receiver.steps().isEnded(step);
  }

  /** Has the last instruction be to leave, after what the coordinator has sent. Any thread. */
  public void tellToLeave(String reason) {
    leaving = true;
    receiver.tell(new Instruction.Leave(reason));
  }

  /** Tells the coordinator that this worker leaves on purpose, and waits until that is sent. */
  public void leave(String reason) throws InterruptedException {
    receiver
        .outbox()
        .send(FromWorker.newBuilder().setLeave(Leave.newBuilder().setReason(reason)).build());
    receiver.outbox().complete();
    channel.shutdown();
    channel.awaitTermination(LEAVE_SECONDS, TimeUnit.SECONDS);
  }

  /** Gives back the sums of a {@link Instruction.Commit}. */
  public void recycle(int[] sums) {
    receiver.recycle(sums);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (heartbeat != null) {
      heartbeat.cancel(false);
    }
    if (exchange != null) {
      exchange.close();
    }
    channel.shutdownNow();
    loop.close();
  }
}
