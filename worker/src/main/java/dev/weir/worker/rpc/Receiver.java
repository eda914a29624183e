package dev.weir.worker.rpc;

import dev.weir.proto.Assign;
import dev.weir.proto.Blob;
import dev.weir.proto.Finish;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Skip;
import dev.weir.proto.Welcome;
import dev.weir.wire.BlobReceiver;
import dev.weir.wire.Frame;
import dev.weir.wire.NetworkReason;
import dev.weir.wire.Rejection;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Turns what comes on the stream into {@link Instruction}s. Its callbacks run on the event loop,
 * its other methods on any thread.
 */
final class Receiver implements ClientResponseObserver<Frame<FromWorker>, Frame<FromCoordinator>> {
  private static final long MAX_BLOB_BYTES = Integer.MAX_VALUE;

  private final BlockingQueue<Instruction> instructions = new LinkedBlockingQueue<>();
  private final BlobReceiver masks = new BlobReceiver(Blob.Kind.MASK, MAX_BLOB_BYTES);
  private final BlobReceiver states = new BlobReceiver(Blob.Kind.STATE, MAX_BLOB_BYTES);
  private final Object sending = new Object();
  private @Nullable ClientCallStreamObserver<Frame<FromWorker>> stream;
  private volatile @Nullable ReducedVector reduced;
  private volatile @Nullable Watch watch;
  private volatile long endedStep = -1;
  private volatile boolean over;

  @Override
  public void beforeStart(ClientCallStreamObserver<Frame<FromWorker>> call) {
    call.setOnReadyHandler(this::wakeSenders);
    stream = call;
  }

  Instruction next() throws InterruptedException {
    return instructions.take();
  }

  /** Adds an instruction of our own to what the coordinator sent. */
  void tell(Instruction instruction) {
    instructions.add(instruction);
  }

  /** Whether the end of {@code step} has come in, though it is not its turn yet. */
  boolean isEnded(long step) {
    return step <= endedStep;
  }

  /** Whether nothing more is sent or received. */
  boolean isOver() {
    return over;
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

  void send(FromWorker message) {
    send(new Frame.Message<>(message));
  }

  /** A stream takes one message at a time; training thread and heartbeat take turns. */
  void send(Frame<FromWorker> frame) {
    synchronized (sending) {
      if (!over && stream != null) {
        stream.onNext(frame);
      }
    }
  }

  /** Waits until the socket has taken most of what was sent, or the stream is over. */
  void awaitReady() throws InterruptedException {
    synchronized (sending) {
      while (!over && stream != null && !stream.isReady()) {
        sending.wait();
      }
    }
  }

  void watch(Watch newWatch) {
    watch = newWatch;
  }

  /** Ends the stream from our side. */
  void giveUp(String reason) {
    if (!over && stream != null) {
      stream.cancel(reason, null);
      end(new Instruction.Broken(reason));
    }
  }

  /** Ends the stream from our side once everything is sent. */
  void complete() {
    synchronized (sending) {
      if (!over && stream != null) {
        stream.onCompleted();
      }
    }
  }

  private void wakeSenders() {
    synchronized (sending) {
      sending.notifyAll();
    }
  }

  @Override
  public void onNext(Frame<FromCoordinator> frame) {
    Watch current = watch;
    if (current != null) {
      current.heard(System.nanoTime());
    }
    if (frame instanceof Frame.Values<FromCoordinator> values) {
      ReducedVector vector = reduced;
      int[] sums = vector == null ? null : vector.accept(values.chunk());
      if (sums != null) {
        endedStep = values.chunk().step();
        instructions.add(
            new Instruction.Commit(values.chunk().step(), values.chunk().attempt(), sums));
      }
      return;
    }
    if (frame instanceof Frame.Malformed<FromCoordinator> malformed) {
      giveUp("the coordinator sent " + malformed.reason());
      return;
    }
    FromCoordinator message = ((Frame.Message<FromCoordinator>) frame).message();
    switch (message.getMessageCase()) {
      case WELCOME -> instructions.add(welcome(message.getWelcome()));
      case BLOB -> blob(message.getBlob());
      case ASSIGN -> instructions.add(compute(message.getAssign()));
      case SKIP -> {
        endedStep = message.getSkip().getStep();
        instructions.add(skip(message.getSkip()));
      }
      case FINISH -> instructions.add(finish(message.getFinish()));
      case REFUSE -> instructions.add(new Instruction.Refused(message.getRefuse().getReason()));
      default -> {} // That it lives is all that Alive says.
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
      ReducedVector vector = reduced;
      if (vector != null) {
        vector.reset();
      }
      instructions.add(new Instruction.Adopt(state));
    }
  }

  private static Instruction welcome(Welcome welcome) {
    return new Instruction.Welcome(
        welcome.getWorker(),
        welcome.getJob(),
        welcome.getChunkLength(),
        welcome.getModelDigest(),
        welcome.getDataDigest(),
        welcome.getMaskDigest());
  }

  private static Instruction compute(Assign assign) {
    return new Instruction.Compute(
        assign.getGeneration(),
        assign.getStep(),
        assign.getAttempt(),
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
    synchronized (sending) {
      if (over) {
        return;
      }
      over = true;
      sending.notifyAll();
    }
    instructions.add(last);
  }
}
