package dev.weir.coordinator.rpc;

import dev.weir.coordinator.membership.Effect;
import dev.weir.coordinator.membership.Plan;
import dev.weir.proto.Alive;
import dev.weir.proto.Blob;
import dev.weir.proto.Continue;
import dev.weir.proto.Echo;
import dev.weir.proto.Finish;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.Prepare;
import dev.weir.proto.Refuse;
import dev.weir.wire.BlobSender;
import dev.weir.wire.Frame;
import dev.weir.wire.PeerStream;
import dev.weir.wire.SharedChunk;
import dev.weir.wire.Unread;
import dev.weir.wire.ValueChunk;
import io.grpc.stub.ServerCallStreamObserver;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The stream to one worker. Used on the event loop only; what is sent to a worker that is gone
 * vanishes, since its end is reported by {@link SessionListener#closed}.
 */
public final class WorkerConnection {
  private static final SecureRandom SECRETS = new SecureRandom();

  /** A last word on the stream beside may wait behind a large vector on a slow link. */
  private static final Duration LAST_WORD = Duration.ofSeconds(30);

  private final long session = SECRETS.nextLong();
  private int worker;
  private final String address;
  private final ServerCallStreamObserver<Frame<FromCoordinator>> stream;
  private String name = "";
  private final Unread unread;
  private @Nullable PeerStream beside;
  private final Runnable cut;
  private boolean open = true;
  private boolean ended;
  private String cutReason = "";

  /**
   * @param cut ends the connection, and all streams on it, after the current callback
   */
  WorkerConnection(
      String address, ServerCallStreamObserver<Frame<FromCoordinator>> stream, Runnable cut) {
    this.address = address;
    this.stream = stream;
    this.unread = new Unread(this::isReady);
    this.cut = cut;
  }

  /** The number this worker is known by once it has joined, unique in a run. */
  public int worker() {
    return worker;
  }

  /** The name it gave. */
  public String name() {
    return name;
  }

  /** How messages name it: the name it gave, its number and its address. */
  @Override
  public String toString() {
    return name.isEmpty() ? address : name + " (worker " + worker + ", " + address + ")";
  }

  /** What only this coordinator and this worker know: it greets the worker by it. */
  long session() {
    return session;
  }

  /** It has said who it is. */
  void join(int number, String newName) {
    worker = number;
    name = newName;
  }

  /** Has the worker load what it will need for {@code job}, in YAML, until it is let in. */
  public void prepare(String job) {
    send(FromCoordinator.newBuilder().setPrepare(Prepare.newBuilder().setJob(job)).build());
  }

  /** Lets the worker in. */
  public void welcome(Briefing briefing) {
    send(
        FromCoordinator.newBuilder()
            .setWelcome(Translation.welcome(worker, session, briefing))
            .build());
  }

  /** Transfers an encoded mask. */
  public void mask(byte[] encoded) {
    blob(Blob.Kind.MASK, encoded);
  }

  /** Transfers an encoded state, from which the worker is to continue. */
  public void state(byte[] encoded) {
    blob(Blob.Kind.STATE, encoded);
  }

  private void blob(Blob.Kind kind, byte[] bytes) {
    unread.allow(bytes.length);
    BlobSender.send(
        kind, bytes, piece -> send(FromCoordinator.newBuilder().setBlob(piece).build()));
  }

  /** Assigns shards. */
  public void assign(Effect.Assign assign) {
    send(FromCoordinator.newBuilder().setAssign(Translation.assign(assign)).build());
  }

  /** Says what it will be assigned in the next step, if nothing comes in between. */
  public void foretell(Effect.Foretell next) {
    send(FromCoordinator.newBuilder().setAssign(Translation.foretell(next)).build());
  }

  /**
   * Announces a plan.
   *
   * @param addresses where its owners are reached
   */
  public void plan(Plan plan, IntFunction<String> addresses) {
    send(FromCoordinator.newBuilder().setPlan(Translation.plan(plan, addresses)).build());
  }

  /** Says that a step passes without an update. */
  public void skip(Effect.Skip skip) {
    send(FromCoordinator.newBuilder().setSkip(Translation.skip(skip)).build());
  }

  /** Answers a probe. */
  void echo(Echo echo) {
    send(FromCoordinator.newBuilder().setEcho(echo).build());
  }

  /** Says that the coordinator lives. */
  public void alive() {
    send(FromCoordinator.newBuilder().setAlive(Alive.getDefaultInstance()).build());
  }

  /** Sends reduced values. */
  public void chunk(ValueChunk chunk) {
    try (SharedChunk alone = new SharedChunk(chunk)) {
      chunk(alone);
    }
  }

  /** Sends reduced values that others are sent as well. */
  public void chunk(SharedChunk shared) {
    if (open && unread.isTooMuch(shared.chunk())) {
      cutOff();
    }
    if (open && beside != null) {
      beside.send(shared.packet());
    } else if (open) {
      stream.onNext(new Frame.Values<>(shared.chunk()));
    }
  }

  /** Says that what follows comes on another stream, and sends it there. */
  void continueOn(PeerStream other) {
    send(FromCoordinator.newBuilder().setContinue(Continue.getDefaultInstance()).build());
    if (open) {
      beside = other;
    } else {
      other.close();
    }
  }

  private boolean isReady() {
    return beside != null ? beside.isReady() : stream.isReady();
  }

  /** Cuts a worker off that stays connected and does not read, before it fills the memory. */
  private void cutOff() {
    open = false;
    cutReason = unread.reason();
    if (beside != null) {
      beside.close();
    }
    cut.run(); // An orderly end would wait, with all that was sent, until it is read.
  }

  /** Ends the worker: the job is over, or has failed. */
  public void finish(String reason, boolean failed) {
    Finish finish = Finish.newBuilder().setReason(reason).setFailed(failed).build();
    end(FromCoordinator.newBuilder().setFinish(finish).build());
  }

  /** Ends the worker: it cannot take part as it is. */
  public void refuse(String reason) {
    end(FromCoordinator.newBuilder().setRefuse(Refuse.newBuilder().setReason(reason)).build());
  }

  /** Ends the stream without a word; the worker may dial in again. */
  public void hangUp() {
    if (open) {
      open = false;
      if (beside != null) {
        beside.finish(LAST_WORD);
      }
      stream.onCompleted();
    }
  }

  private void end(FromCoordinator last) {
    send(last);
    if (open && beside != null) {
      open = false;
      beside.finish(LAST_WORD); // The worker then ends the session's stream, which could overtake.
    } else if (open) {
      open = false;
      stream.onCompleted();
    }
  }

  /** Notes the end of the stream; true for the first to do so. */
  boolean endOnce() {
    open = false;
    boolean first = !ended;
    ended = true;
    return first;
  }

  /** Why this side cut it; empty if it did not. */
  String cutReason() {
    return cutReason;
  }

  boolean isOpen() {
    return open;
  }

  private void send(FromCoordinator message) {
    if (open && unread.isTooMuch(message.getSerializedSize())) {
      cutOff();
    }
    if (open && beside != null) {
      beside.send(message);
    } else if (open) {
      stream.onNext(new Frame.Message<>(message));
    }
  }
}
