package dev.weir.coordinator.rpc;

import com.google.protobuf.ByteString;
import dev.weir.problem.UserException;
import dev.weir.proto.Echo;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.proto.Join;
import dev.weir.proto.Probe;
import dev.weir.proto.Unreachable;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.StreamServer;
import dev.weir.wire.TurnedAway;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker's stream: checks the order of its messages and hands them on. */
final class Session implements StreamServer.Served {
  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final int MAX_TEXT = 128;
  private static final int MAX_PROBES = 64;
  private static final int MAX_ECHO_BYTES = 1 << 20;

  private final WorkerConnection connection;
  private final SessionListener listener;
  private final TurnedAway turnedAway;
  private final IntSupplier numbers;
  private final ProbeTurns turns;
  private final Dialer dialer;
  private @Nullable StreamBeside beside;
  private boolean joined;
  private int probes;

  /** Dials a worker that serves others. */
  interface Dialer {
    /** As {@link StreamBeside}'s constructor. */
    StreamBeside dial(
        String address,
        Greet greet,
        WorkerConnection connection,
        Consumer<Frame<FromWorker>> session,
        Consumer<String> broken);
  }

  /**
   * @param numbers asked for the number of a worker when it joins
   * @param turns of all streams that measure
   * @param dialer dials the worker, if it serves others
   */
  Session(
      WorkerConnection connection,
      SessionListener listener,
      TurnedAway turnedAway,
      IntSupplier numbers,
      ProbeTurns turns,
      Dialer dialer,
      ServerCallStreamObserver<Frame<FromCoordinator>> call) {
    this.connection = connection;
    this.listener = listener;
    this.turnedAway = turnedAway;
    this.numbers = numbers;
    this.turns = turns;
    this.dialer = dialer;
    call.setOnCancelHandler(() -> end("its stream broke"));
  }

  @Override
  public void onNext(Frame<FromWorker> frame) {
    if (!connection.isOpen()) {
      return;
    }
    try {
      if (frame instanceof Frame.Values<FromWorker> values) {
        requireJoined("a chunk");
        listener.chunk(connection, values.chunk());
      } else if (frame instanceof Frame.Message<FromWorker> message) {
        message(message.message());
      } else {
        throw new IllegalArgumentException(((Frame.Malformed<FromWorker>) frame).reason());
      }
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
      end("it broke the protocol: " + e.getMessage());
    } catch (RuntimeException e) {
      log.error("{}: its message could not be taken", connection, e);
      connection.refuse("the coordinator could not take a message; its log says why");
      end("its message could not be taken: " + e);
    }
  }

  private void message(FromWorker message) {
    if (message.getMessageCase() == FromWorker.MessageCase.JOIN) {
      join(message.getJoin());
      return;
    }
    if (message.getMessageCase() == FromWorker.MessageCase.PROBE) {
      echo(message.getProbe());
      return;
    }
    requireJoined(message.getMessageCase().toString());
    switch (message.getMessageCase()) {
      case READY -> ready(Translation.readiness(message.getReady()));
      case CONTINUE -> proceedBeside();
      case BEGIN -> listener.begun(connection, Translation.claim(message.getBegin()));
      case CONTRIBUTION ->
          listener.contributed(connection, Translation.contribution(message.getContribution()));
      case UNREACHABLE ->
          listener.unreachable(
              connection,
              message.getUnreachable().getStep(),
              message.getUnreachable().getPlan(),
              reason(message.getUnreachable()));
      case ALIVE -> listener.alive(connection);
      case LEAVE -> end("it left: " + printable(message.getLeave().getReason()));
      default -> throw new IllegalArgumentException("a message of no known kind");
    }
  }

  private static String reason(Unreachable unreachable) {
    return "worker " + unreachable.getWorker() + ": " + printable(unreachable.getReason());
  }

  private void ready(Readiness readiness) {
    listener.ready(connection, readiness);
    Briefing briefing = listener.describe();
    if (beside == null
        && briefing != null
        && connection.isOpen()
        && !readiness.address().isEmpty()) {
      Greet greet =
          Greet.newBuilder().setLife(briefing.life()).setSession(connection.session()).build();
      try {
        beside =
            dialer.dial(readiness.address(), greet, connection, this::onNext, this::besideBroke);
      } catch (UserException e) {
        log.debug("the session with {} goes on as it is: {}", connection, e.getMessage());
      }
    }
  }

  private void proceedBeside() {
    if (beside == null) {
      throw new IllegalArgumentException("a Continue that was not asked for");
    }
    beside.proceed();
  }

  private void besideBroke(String reason) {
    end("its stream broke: " + reason);
  }

  private void join(Join join) {
    if (joined) {
      throw new IllegalArgumentException("a second Join on the same stream");
    }
    if (join.getProtocol() != Protocol.VERSION) {
      throw new IllegalArgumentException(
          String.format(
              "the worker speaks protocol %d and the coordinator %d; run the same version of Weir"
                  + " on both",
              join.getProtocol(), Protocol.VERSION));
    }
    if (join.getName().isBlank() || !printable(join.getName()).equals(join.getName())) {
      throw new IllegalArgumentException(
          "a worker's name must be 1 to " + MAX_TEXT + " visible characters");
    }
    joined = true;
    turns.leave(this);
    connection.join(numbers.getAsInt(), join.getName());
    listener.joined(connection, join.getMaskDigest());
  }

  private void echo(Probe probe) {
    probes++;
    int bytes = probe.getEchoBytes();
    if (joined || probes > MAX_PROBES || bytes < 0 || bytes > MAX_ECHO_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              "a probe after Join, the %dth, or one for %s bytes; allowed are %d for %d each",
              probes, Integer.toUnsignedString(bytes), MAX_PROBES, MAX_ECHO_BYTES));
    }
    Runnable answer = () -> echo(probe.getNumber(), bytes);
    if (probe.getTakesTurn()) {
      turns.take(this, answer);
    } else {
      answer.run();
    }
  }

  private void echo(int number, int bytes) {
    connection.echo(
        describe()
            .setNumber(number)
            .setProtocol(Protocol.VERSION)
            .setUnixMillis(System.currentTimeMillis())
            .setPadding(ByteString.copyFrom(new byte[bytes]))
            .build());
  }

  private Echo.Builder describe() {
    Briefing briefing = listener.describe();
    return briefing == null
        ? Echo.newBuilder()
        : Echo.newBuilder()
            .setJob(briefing.job())
            .setModelDigest(briefing.digests().model())
            .setDataDigest(briefing.digests().data());
  }

  /** Ends a stream on which nobody said who it is. */
  @Override
  public void expire() {
    if (!joined && connection.isOpen()) {
      refuse("there was no Join in time");
      end("it did not join in time");
    }
  }

  /** Of those that have joined, the end is told with their name. */
  private void refuse(String reason) {
    if (!joined) {
      turnedAway.note(connection.toString(), reason);
    }
    connection.refuse(reason);
  }

  /** What a peer wrote, fit for a line of a log. */
  private static String printable(String text) {
    String start = text.substring(0, Math.min(text.length(), MAX_TEXT));
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  private void requireJoined(String what) {
    if (!joined) {
      throw new IllegalArgumentException(what + " before Join");
    }
  }

  @Override
  public void onError(Throwable error) {
    end("its stream broke: " + Status.fromThrowable(error).getCode());
  }

  @Override
  public void onCompleted() {
    end("it closed its stream");
  }

  private void end(String reason) {
    turns.leave(this);
    if (beside != null && beside.isUsed()) {
      connection.hangUp(); // Nothing else would tell the worker that this is the end of both.
    } else if (beside != null) {
      beside.close();
    }
    boolean first = connection.endOnce();
    String cut = connection.cutReason();
    if (first && joined) {
      listener.closed(connection, cut.isEmpty() ? reason : cut);
    }
  }
}
