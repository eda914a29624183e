package dev.weir.worker.rpc;

import dev.weir.proto.Alive;
import dev.weir.proto.Assign;
import dev.weir.proto.Blob;
import dev.weir.proto.Finish;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.proto.Skip;
import dev.weir.proto.Welcome;
import dev.weir.wire.BlobReceiver;
import dev.weir.wire.Frame;
import dev.weir.wire.NetworkReason;
import dev.weir.wire.PeerStream;
import dev.weir.wire.Rejection;
import dev.weir.wire.ValueChunk;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns what comes on the stream into {@link Instruction}s. Its callbacks run on the event loop,
 * its other methods on any thread.
 */
final class Receiver implements ClientResponseObserver<Frame<FromWorker>, Frame<FromCoordinator>> {
  private static final FromWorker ALIVE =
      FromWorker.newBuilder().setAlive(Alive.getDefaultInstance()).build();
  private static final long MAX_BLOB_BYTES = Integer.MAX_VALUE;

  private final BlockingQueue<Instruction> instructions = new LinkedBlockingQueue<>();
  private final BlobReceiver masks = new BlobReceiver(Blob.Kind.MASK, MAX_BLOB_BYTES);
  private final BlobReceiver states = new BlobReceiver(Blob.Kind.STATE, MAX_BLOB_BYTES);
  private final Outbox outbox = new Outbox();
  private volatile @Nullable Exchange exchange;
  private volatile @Nullable ReducedVector reduced;
  private @Nullable PeerStream beside;
  private boolean isBeside;
  private long session;
  private volatile @Nullable Watch watch;
  private final StepsHeard steps = new StepsHeard();

  @Override
  public void beforeStart(ClientCallStreamObserver<Frame<FromWorker>> call) {
    outbox.begin(call);
  }

  Instruction next() throws InterruptedException {
    return instructions.take();
  }

  /** Which steps were assigned and have ended. */
  StepsHeard steps() {
    return steps;
  }

  /** Waits for sums alone, when nothing else is to come; empty if they do not. */
  Optional<Instruction> lastSums(Duration patience) throws InterruptedException {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (true) {
      Instruction next = instructions.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null || next instanceof Instruction.Commit) {
        return Optional.ofNullable(next);
      }
    }
  }

  /** Adds an instruction of our own to what the coordinator sent. */
  void tell(Instruction instruction) {
    instructions.add(instruction);
  }

  /** Whether nothing more is sent or received. */
  boolean isOver() {
    return outbox.isOver();
  }

  void expect(ReducedVector vector) {
    reduced = vector;
  }

  void recycle(int[] sums) {
    ReducedVector vector = reduced;
    if (vector != null) {
      vector.recycle(sums);
    }
  }

  /** What goes to the coordinator. */
  Outbox outbox() {
    return outbox;
  }

  void watch(Watch newWatch) {
    watch = newWatch;
  }

  /** Ends the stream from our side. */
  void giveUp(String reason) {
    if (beside != null) {
      beside.close();
    }
    outbox.cancel(reason);
    end(new Instruction.Broken(reason));
  }

  /** Has plans and their end go to {@code newExchange}. */
  void exchangeBy(Exchange newExchange) {
    exchange = newExchange;
  }

  @Override
  public void onNext(Frame<FromCoordinator> frame) {
    Watch current = watch;
    if (current != null) {
      current.heard(System.nanoTime());
    }
    if (frame instanceof Frame.Values<FromCoordinator> values) {
      reduced(values.chunk());
      return;
    }
    if (frame instanceof Frame.Malformed<FromCoordinator> malformed) {
      giveUp("the coordinator sent " + malformed.reason());
      return;
    }
    FromCoordinator message = ((Frame.Message<FromCoordinator>) frame).message();
    switch (message.getMessageCase()) {
      case PREPARE -> instructions.add(new Instruction.Prepare(message.getPrepare().getJob()));
      case WELCOME -> {
        session = message.getWelcome().getSession();
        instructions.add(welcome(message.getWelcome()));
      }
      case BLOB -> blob(message.getBlob());
      case ASSIGN -> {
        Assign assign = message.getAssign();
        steps.assigned(assign.getStep(), assign.getAhead(), System.nanoTime());
        instructions.add(compute(assign));
      }
      case PLAN -> {
        Exchange others = exchange;
        if (others != null) {
          others.adopt(message.getPlan());
        }
      }
      case SKIP -> {
        steps.skipped(message.getSkip().getStep());
        instructions.add(skip(message.getSkip()));
      }
      case CONTINUE -> continueBeside();
      case FINISH -> instructions.add(finish(message.getFinish()));
      case REFUSE -> instructions.add(new Instruction.Refused(message.getRefuse().getReason()));
      default -> {} // That it lives is all that Alive says.
    }
  }

  /**
   * The coordinator has dialed this worker: the session may go on there.
   *
   * @throws IllegalArgumentException if that is not who it says, or the session goes on elsewhere
   */
  void meet(PeerStream stream, Greet greet) {
    if (session == 0 || greet.getSession() != session || beside != null || outbox.isOver()) {
      throw new IllegalArgumentException("a coordinator that this worker has no session with");
    }
    beside = stream;
    stream.pause(); // Until it has come on the session that what follows comes here.
    stream.proceed(FromCoordinator.getDefaultInstance(), new Beside());
    stream.send(ALIVE);
  }

  private void continueBeside() {
    PeerStream other = beside;
    if (other == null) {
      giveUp("the coordinator went on with the session on a stream that is over");
      return;
    }
    isBeside = true;
    outbox.continueOn(other);
    other.resume();
  }

  /** What comes beside the session is the session. */
  private final class Beside implements PeerStream.Listener<FromCoordinator> {
    @Override
    public void taken(Frame<FromCoordinator> frame) {
      onNext(frame);
    }

    @Override
    public void ready() {
      outbox.wakeSenders();
    }

    @Override
    public void ended(String reason) {
      beside = null;
      if (isBeside) {
        giveUp(reason);
      }
    }
  }

  /** Takes a chunk of sums, from whoever made it. Any thread. */
  void reduced(ValueChunk chunk) {
    ReducedVector vector = reduced;
    if (vector == null) {
      return;
    }
    synchronized (vector) {
      int[] sums = vector.accept(chunk);
      if (sums != null) {
        steps.summed(chunk.step());
        instructions.add(new Instruction.Commit(chunk.step(), chunk.attempt(), sums));
      }
    }
  }

  private void blob(Blob piece) {
    if (piece.getKind() == Blob.Kind.MASK) {
      byte[] mask = masks.accept(piece);
      if (mask != null) {
        instructions.add(new Instruction.Select(mask));
      }
      return;
    }
    byte[] state = states.accept(piece);
    if (state != null) {
      adopt(state);
    }
  }

  private void adopt(byte[] state) {
    ReducedVector vector = reduced;
    if (vector == null) {
      steps.forget();
    } else {
      synchronized (vector) {
        vector.reset();
        steps.forget();
      }
    }
    instructions.add(new Instruction.Adopt(state));
  }

  private static Instruction welcome(Welcome welcome) {
    return new Instruction.Welcome(
        welcome.getWorker(),
        welcome.getJob(),
        welcome.getChunkLength(),
        welcome.getModelDigest(),
        welcome.getDataDigest(),
        welcome.getMaskDigest(),
        welcome.getLife());
  }

  private static Instruction compute(Assign assign) {
    return new Instruction.Compute(
        assign.getGeneration(),
        assign.getStep(),
        assign.getAttempt(),
        assign.getPlan(),
        java.util.List.copyOf(assign.getShardsList()));
  }

  private static Instruction finish(Finish finish) {
    return finish.getFailed()
        ? new Instruction.Failed(finish.getReason())
        : new Instruction.Finish(finish.getReason());
  }

  private static Instruction skip(Skip skip) {
    String what = skip.getFault().getParameter();
    return new Instruction.Skip(
        skip.getStep(),
        String.format(
            "%s of shard %d on %s is not finite",
            what.isEmpty() ? "the loss" : "the gradient of " + what,
            skip.getFault().getShard(),
            skip.getWorker()));
  }

  @Override
  public void onError(Throwable error) {
    Status status = Status.fromThrowable(error);
    end(
        Rejection.of(status)
            .<Instruction>map(no -> new Instruction.Rejected(no.reason(), no.remedy()))
            .orElseGet(() -> new Instruction.Broken(NetworkReason.of(status))));
  }

  @Override
  public void onCompleted() {
    end(new Instruction.Broken("the coordinator closed the stream"));
  }

  private void end(Instruction last) {
    if (outbox.end()) {
      instructions.add(last);
    }
  }
}
