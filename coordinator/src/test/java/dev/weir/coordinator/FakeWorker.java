package dev.weir.coordinator;

import com.google.protobuf.ByteString;
import dev.weir.proto.Assign;
import dev.weir.proto.Begin;
import dev.weir.proto.Blob;
import dev.weir.proto.Chunk;
import dev.weir.proto.Contribution;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Join;
import dev.weir.proto.Probe;
import dev.weir.proto.Ready;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;
import dev.weir.wire.Protocol;
import dev.weir.wire.Streams;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A worker that sends whatever bytes a test wants, or does its work honestly. */
final class FakeWorker implements AutoCloseable {
  private static final MethodDescriptor<byte[], FromCoordinator> SESSION =
      MethodDescriptor.<byte[], FromCoordinator>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(Protocol.SESSION.getFullMethodName())
          .setRequestMarshaller(new Raw())
          .setResponseMarshaller(
              io.grpc.protobuf.ProtoUtils.marshaller(FromCoordinator.getDefaultInstance()))
          .build();

  private final ManagedChannel channel;
  private final BlockingQueue<Optional<FromCoordinator>> received = new LinkedBlockingQueue<>();
  private final StreamObserver<byte[]> stream;
  private final String name;
  private volatile String end = "";

  TrainingState state = TinyRun.initialState();

  FakeWorker(int port, String token, String name) {
    this(channel(port), token, name, CallOptions.DEFAULT, true);
  }

  /**
   * @param options of the call
   * @param reads whether it takes what the coordinator sends
   */
  FakeWorker(
      ManagedChannel channel, String token, String name, CallOptions options, boolean reads) {
    this.name = name;
    this.channel = channel;
    stream =
        Streams.open(
            channel,
            token,
            SESSION,
            options,
            new ClientResponseObserver<byte[], FromCoordinator>() {
              @Override
              public void beforeStart(ClientCallStreamObserver<byte[]> call) {
                if (!reads) {
                  call.disableAutoRequestWithInitial(0);
                }
              }

              @Override
              public void onNext(FromCoordinator message) {
                received.add(Optional.of(message));
              }

              @Override
              public void onError(Throwable error) {
                end = String.valueOf(error.getMessage());
                received.add(Optional.empty());
              }

              @Override
              public void onCompleted() {
                received.add(Optional.empty());
              }
            });
  }

  static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  void send(byte[] bytes) {
    stream.onNext(bytes);
  }

  /** Asks for an echo. */
  void probe(int bytes) {
    send(FromWorker.newBuilder().setProbe(Probe.newBuilder().setEchoBytes(bytes)));
  }

  void send(FromWorker.Builder message) {
    send(message.build().toByteArray());
  }

  /** Whether anything came, or the stream ended. */
  boolean hasHeard() {
    return !received.isEmpty();
  }

  /** The next message; empty at the end of the stream. */
  Optional<FromCoordinator> next() throws InterruptedException {
    Optional<FromCoordinator> next = received.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came for 30 s");
    }
    return next;
  }

  FromCoordinator next(FromCoordinator.MessageCase kind) throws InterruptedException {
    while (true) {
      FromCoordinator message =
          next().orElseThrow(() -> new AssertionError("the stream ended before " + kind));
      if (message.getMessageCase() == kind) {
        return message;
      }
    }
  }

  /** Why this worker was refused, or why its stream was cut. */
  String refusal() throws InterruptedException {
    for (Optional<FromCoordinator> message = next(); message.isPresent(); message = next()) {
      if (message.get().hasRefuse()) {
        return message.get().getRefuse().getReason();
      }
    }
    return end;
  }

  void sendJoin() {
    send(
        FromWorker.newBuilder()
            .setJoin(Join.newBuilder().setProtocol(Protocol.VERSION).setName(name)));
  }

  FakeWorker join() throws InterruptedException {
    sendJoin();
    next(FromCoordinator.MessageCase.WELCOME);
    return this;
  }

  Ready.Builder digests(String mask) {
    return Ready.newBuilder().setModelDigest("model").setDataDigest("data").setMaskDigest(mask);
  }

  /** Joins and adopts the state. */
  FakeWorker begin() throws InterruptedException {
    sendJoin();
    String mask = next(FromCoordinator.MessageCase.WELCOME).getWelcome().getMaskDigest();
    send(FromWorker.newBuilder().setReady(digests(mask)));
    adopt(nextBlob());
    return this;
  }

  private byte[] nextBlob() throws InterruptedException {
    while (true) {
      Blob blob = next(FromCoordinator.MessageCase.BLOB).getBlob();
      if (blob.getKind() == Blob.Kind.STATE) {
        return blob.getData().toByteArray();
      }
    }
  }

  private void adopt(byte[] bytes) {
    state = TrainingStateCodec.decode(bytes, "state", TinyRun.initialState().rule());
  }

  /** The next assignment, or nothing if the stream ends before it. */
  Optional<Assign> poll() throws InterruptedException {
    for (Optional<FromCoordinator> message = next(); message.isPresent(); message = next()) {
      if (message.get().hasAssign()) {
        return Optional.of(message.get().getAssign());
      }
    }
    return Optional.empty();
  }

  /** Commits a step whose shards were all computed here. */
  void commit(Assign assign) {
    state.commit(assign.getAttempt(), sums(assign));
  }

  Assign assignment() throws InterruptedException {
    return next(FromCoordinator.MessageCase.ASSIGN).getAssign();
  }

  Contribution.Builder contribution(Assign assign) {
    return contribution(assign, assign.getShardsList());
  }

  Contribution.Builder contribution(Assign assign, List<Integer> shards) {
    Contribution.Builder contribution =
        Contribution.newBuilder()
            .setStep(assign.getStep())
            .setAttempt(assign.getAttempt())
            .setStateFingerprint(state.fingerprint());
    shards.forEach(shard -> contribution.addShards(shard).addLosses(0.5));
    return contribution;
  }

  void contribute(Assign assign, List<Integer> shards) {
    send(FromWorker.newBuilder().setContribution(contribution(assign, shards)));
  }

  /** Says that chunks follow while it computes. */
  void begin(Assign assign, List<Integer> shards) {
    Begin.Builder begin =
        Begin.newBuilder()
            .setStep(assign.getStep())
            .setAttempt(assign.getAttempt())
            .setStateFingerprint(state.fingerprint());
    shards.forEach(shard -> begin.addShards(shard).addLosses(0.5));
    send(FromWorker.newBuilder().setBegin(begin));
  }

  Chunk.Builder chunk(Assign assign, int offset, int[] sums) {
    int length = Math.min(TinyRun.CHUNK, sums.length - offset);
    ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      bytes.putInt(sums[offset + i]);
    }
    return Chunk.newBuilder()
        .setStep(assign.getStep())
        .setAttempt(assign.getAttempt())
        .setOffset(offset)
        .setValues(ByteString.copyFrom(bytes.flip()));
  }

  int[] sums(Assign assign) {
    int[] sums = new int[TinyRun.VALUES];
    for (int shard : assign.getShardsList()) {
      float[] gradient = new float[TinyRun.VALUES];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = 1e-3f * ((7 * shard + 3 * i + assign.getStep()) % 11 - 5);
      }
      if (!state.quantize(assign.getAttempt(), shard, gradient, sums).isOk()) {
        throw new AssertionError("the gradient must fit");
      }
    }
    return sums;
  }

  void sendChunk(Assign assign, int offset) {
    send(FromWorker.newBuilder().setChunk(chunk(assign, offset, sums(assign))));
  }

  /** From the vector's end to its begin, half of it before the contribution is made. */
  void compute(Assign assign) {
    int chunks = (TinyRun.VALUES + TinyRun.CHUNK - 1) / TinyRun.CHUNK;
    begin(assign, assign.getShardsList());
    for (int index = chunks - 1; index >= 0; index--) {
      if (index == chunks / 2) {
        contribute(assign, assign.getShardsList());
      }
      sendChunk(assign, index * TinyRun.CHUNK);
    }
  }

  /** Works until the run is over, from wherever it is. */
  void work() throws InterruptedException {
    int[] reduced = new int[TinyRun.VALUES];
    int count = 0;
    while (true) {
      FromCoordinator message =
          next().orElseThrow(() -> new AssertionError("the stream ended early: " + end));
      switch (message.getMessageCase()) {
        case BLOB -> {
          adopt(message.getBlob().getData().toByteArray());
          count = 0;
        }
        case ASSIGN -> {
          if (message.getAssign().getStep() == state.step()) {
            compute(message.getAssign());
          }
        }
        case CHUNK -> {
          Chunk chunk = message.getChunk();
          ByteBuffer values =
              chunk.getValues().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
          for (int i = chunk.getOffset(); values.hasRemaining(); i++, count++) {
            reduced[i] = values.getInt();
          }
          if (count == TinyRun.VALUES) {
            state.commit(chunk.getAttempt(), reduced);
            count = 0;
          }
        }
        case FINISH -> {
          return;
        }
        case REFUSE -> throw new AssertionError(message.getRefuse().getReason());
        default -> {}
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Bytes as they are. */
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
