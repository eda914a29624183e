package dev.weir.bench.scale;

import dev.weir.job.FailureLimits;
import dev.weir.proto.Alive;
import dev.weir.proto.Assign;
import dev.weir.proto.Contribution;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Join;
import dev.weir.proto.Ready;
import dev.weir.proto.Welcome;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Protocol;
import dev.weir.wire.Streams;
import dev.weir.wire.Transport;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/**
 * A worker without a model, on a connection of its own: it contributes the same vector to every
 * step at once, and checks a value of each chunk of sums. It has no thread; everything happens on
 * the event loop that it shares with many others.
 */
final class SyntheticWorker
    implements ClientResponseObserver<Frame<FromWorker>, Frame<FromCoordinator>>, AutoCloseable {
  /** Bytes that may wait to be sent: so many workers share the memory of one process. */
  private static final int READY_BYTES = 128 << 10;

  private static final FromWorker ALIVE =
      FromWorker.newBuilder().setAlive(Alive.getDefaultInstance()).build();

  /** Whom the worker tells what happens to it. On the event loop. */
  interface Observer {
    /** It has all sums of a step. */
    void received(long step);

    /** Something is not as it must be; called once. */
    void failed(String worker, String reason);
  }

  private final String name;
  private final int[] vector;
  private final int workers;
  private final SumFormat format;
  private final Observer observer;
  private final ManagedChannel channel;
  private final int[] expected = new int[1];
  private int[] sums = new int[0];
  private @Nullable ClientCallStreamObserver<Frame<FromWorker>> stream;
  private Assign task = Assign.getDefaultInstance();
  private int chunkLength = 1;
  private int sent;
  private int received;
  private boolean over;

  /**
   * Dials in; to be called on the event loop.
   *
   * @param vector what it contributes, shared by all workers and never written
   * @param workers how many contribute it, N
   */
  SyntheticWorker(
      Endpoint hub,
      String name,
      int[] vector,
      int workers,
      SumFormat format,
      EventLoop loop,
      WireBytes bytes,
      Observer observer) {
    this.name = name;
    this.vector = vector;
    this.workers = workers;
    this.format = format;
    this.observer = observer;
    this.sent = vector.length;
    this.channel = Transport.channel(hub.address(), hub.credentials(), loop, bytes);
    Streams.open(
        channel,
        hub.token(),
        Protocol.SESSION,
        CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES),
        this);
    Join join = Join.newBuilder().setProtocol(Protocol.VERSION).setName(name).build();
    send(FromWorker.newBuilder().setJoin(join).build());
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Frame<FromWorker>> call) {
    stream = call;
    call.setOnReadyHandler(this::sendChunks);
  }

  /** Says that it lives: to be called as often as {@link FailureLimits#heartbeat} asks for. */
  void beat() {
    send(ALIVE);
  }

  @Override
  public void onNext(Frame<FromCoordinator> frame) {
    if (frame instanceof Frame.Values<FromCoordinator> values) {
      take(values.chunk());
    } else if (frame instanceof Frame.Message<FromCoordinator> message) {
      told(message.message());
    } else {
      fail("a malformed message came");
    }
  }

  private void told(FromCoordinator message) {
    switch (message.getMessageCase()) {
      case WELCOME -> ready(message.getWelcome());
      case ASSIGN -> contribute(message.getAssign());
      case ALIVE -> {}
      default -> fail("there came " + message);
    }
  }

  private void ready(Welcome welcome) {
    chunkLength = welcome.getChunkLength();
    sums = new int[chunkLength];
    send(FromWorker.newBuilder().setReady(Ready.getDefaultInstance()).build());
  }

  private void contribute(Assign assign) {
    if (assign.getShardsCount() != 1 || sent < vector.length) {
      fail("instead of one shard it was assigned " + assign.getShardsList());
      return;
    }
    task = assign;
    Contribution header =
        Contribution.newBuilder()
            .setGeneration(assign.getGeneration())
            .setStep(assign.getStep())
            .setAttempt(assign.getAttempt())
            .addShards(assign.getShards(0))
            .addLosses(0)
            .setStateFingerprint(assign.getStep())
            .build();
    send(FromWorker.newBuilder().setContribution(header).build());
    sent = 0;
    sendChunks();
  }

  private void sendChunks() {
    while (stream != null && !over && sent < vector.length && stream.isReady()) {
      int length = Math.min(chunkLength, vector.length - sent);
      ValueChunk chunk =
          new ValueChunk(task.getStep(), task.getAttempt(), sent, vector, sent, length, format);
      sent += length;
      stream.onNext(new Frame.Values<>(chunk));
    }
  }

  private void take(ValueChunk chunk) {
    expected[0] = workers * vector[chunk.offset()];
    format.wrap(expected, 0, 1);
    chunk.copyTo(sums, 0);
    if (chunk.step() != task.getStep() || sums[0] != expected[0]) {
      fail("wrong sums of step " + chunk.step() + " at value " + chunk.offset());
      return;
    }
    received += chunk.length();
    if (received == vector.length) {
      received = 0;
      observer.received(chunk.step());
    }
  }

  private void send(FromWorker message) {
    if (stream != null && !over) {
      stream.onNext(new Frame.Message<>(message));
    }
  }

  @Override
  public void onError(Throwable error) {
    fail("its stream broke: " + Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    fail("the hub closed its stream");
  }

  private void fail(String reason) {
    if (!over) {
      over = true;
      observer.failed(name, reason);
    }
  }

  /** Ends its connection without a word. */
  @Override
  public void close() {
    over = true;
    channel.shutdownNow();
  }
}
