package dev.weir.wire;

import com.google.protobuf.ByteString;
import dev.weir.problem.UserException;
import dev.weir.proto.Echo;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Probe;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A stream that asks a coordinator for echoes and never joins. One thread at a time may use it. */
public final class ProbeStream implements AutoCloseable {
  /** Bytes that a probe or its echo may carry. */
  public static final int MAX_BYTES = 1 << 20;

  private final Endpoint endpoint;
  private final Duration patience;
  private final EventLoop loop = new EventLoop("weir-probe");
  private final ManagedChannel channel;
  private final StreamObserver<Frame<FromWorker>> stream;
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private int number;
  private String failed = "join";

  private sealed interface Answer {}

  private record Echoed(Echo echo) implements Answer {}

  private record Ended(Status status) implements Answer {}

  /**
   * Opens the stream; whether that succeeded is told by the first echo.
   *
   * @param patience for each echo
   */
  public ProbeStream(Endpoint endpoint, Duration patience) {
    this.endpoint = endpoint;
    this.patience = patience;
    this.channel =
        Transport.channel(endpoint.address(), endpoint.credentials(), loop, new WireBytes());
    this.stream =
        Streams.open(
            channel, endpoint.token(), Protocol.SESSION, CallOptions.DEFAULT, new Answers(answers));
  }

  /**
   * Sends some bytes, asks for some, and waits for them.
   *
   * @throws UserException if the coordinator does not answer
   */
  public Echo ask(int sentBytes, int echoBytes) throws InterruptedException {
    return ask(
        Probe.newBuilder()
            .setEchoBytes(echoBytes)
            .setPadding(ByteString.copyFrom(new byte[sentBytes])),
        patience);
  }

  /**
   * Waits until it is this stream's turn to measure.
   *
   * @param longest how long
   * @throws UserException if the coordinator does not answer
   */
  void awaitTurn(Duration longest) throws InterruptedException {
    Echo unused = ask(Probe.newBuilder().setTakesTurn(true), longest);
  }

  private Echo ask(Probe.Builder probe, Duration limit) throws InterruptedException {
    probe.setNumber(++number);
    stream.onNext(new Frame.Message<>(FromWorker.newBuilder().setProbe(probe).build()));
    Answer answer = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (answer instanceof Echoed echoed) {
      return echoed.echo();
    }
    throw answer instanceof Ended ended ? failure(ended.status()) : silence(limit);
  }

  /** What it was that an {@link #ask} failed by: token, tls or joining in general. */
  public String failed() {
    return failed;
  }

  private UserException silence(Duration limit) {
    return new UserException(
        endpoint.toString(),
        "no answer within " + limit.toMillis() / 1e3 + " s",
        "Check that a coordinator of Weir listens there and that no firewall drops its packets.");
  }

  private UserException failure(Status status) {
    Rejection rejection =
        Rejection.of(status)
            .or(
                () ->
                    endpoint.credentials() == null
                            && TlsProbe.isSpoken(endpoint.address(), patience)
                        ? java.util.Optional.of(Rejection.PLAINTEXT)
                        : java.util.Optional.empty())
            .orElseGet(
                () ->
                    new Rejection(
                        "join",
                        "the stream broke: " + status.getCode() + " " + status.getDescription(),
                        "Check that a coordinator of the same version of Weir listens there."));
    failed = rejection.about();
    return new UserException(endpoint.describe(), rejection.reason(), rejection.remedy());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.close();
  }

  /** Puts what comes into a queue. */
  private record Answers(BlockingQueue<Answer> queue)
      implements StreamObserver<Frame<FromCoordinator>> {
    @Override
    public void onNext(Frame<FromCoordinator> frame) {
      if (frame instanceof Frame.Message<FromCoordinator> message) {
        if (message.message().hasEcho()) {
          queue.add(new Echoed(message.message().getEcho()));
        } else if (message.message().hasRefuse()) {
          String reason = message.message().getRefuse().getReason();
          queue.add(new Ended(Status.FAILED_PRECONDITION.withDescription(reason)));
        }
      } else if (frame instanceof Frame.Malformed<FromCoordinator> malformed) {
        queue.add(new Ended(Status.INTERNAL.withDescription(malformed.reason())));
      }
    }

    @Override
    public void onError(Throwable error) {
      queue.add(new Ended(Status.fromThrowable(error)));
    }

    @Override
    public void onCompleted() {
      queue.add(new Ended(Status.UNAVAILABLE.withDescription("the coordinator closed it")));
    }
  }
}
