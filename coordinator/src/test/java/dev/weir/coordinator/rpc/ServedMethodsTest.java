package dev.weir.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Protocol;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every method that workers can call, and that none is open to whoever lacks the token. */
@Timeout(30)
class ServedMethodsTest {
  private final EventLoop loop = new EventLoop("served-methods");
  private final TrainingServer server =
      new TrainingServer(
          new InetSocketAddress("127.0.0.1", 0),
          new Door("0123456789abcdef", null, Duration.ofSeconds(20)),
          loop,
          new WireBytes(),
          new Nobody());

  @AfterEach
  void stop() {
    server.close();
    loop.close();
  }

  @Test
  void oneMethodIsServed() {
    assertThat(server.services().stream().flatMap(service -> service.getMethods().stream()))
        .extracting(method -> method.getMethodDescriptor().getFullMethodName())
        .containsExactly(Protocol.SESSION.getFullMethodName());
  }

  @Test
  void withoutTheTokenNoneIsAnswered() {
    ManagedChannel channel = NettyChannelBuilder.forTarget(server.address()).usePlaintext().build();
    try {
      for (var service : server.services()) {
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
          String name = method.getMethodDescriptor().getFullMethodName();
          assertThatThrownBy(() -> call(channel, name))
              .isInstanceOf(StatusRuntimeException.class)
              .hasMessageContaining("UNAUTHENTICATED")
              .hasMessageContaining("the join token is missing or is not the coordinator's");
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static void call(ManagedChannel channel, String name) {
    MethodDescriptor<Empty, Empty> method =
        MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(name)
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();
    var unused =
        ClientCalls.blockingUnaryCall(
            channel, method, CallOptions.DEFAULT, Empty.getDefaultInstance());
  }

  /** Whoever gets as far as this failed the test. */
  private static final class Nobody implements SessionListener {
    @Override
    public void joined(WorkerConnection worker, String maskDigest) {
      throw new AssertionError();
    }

    @Override
    public void ready(WorkerConnection worker, Readiness readiness) {
      throw new AssertionError();
    }

    @Override
    public void begun(WorkerConnection worker, Claim claim) {
      throw new AssertionError();
    }

    @Override
    public void contributed(WorkerConnection worker, Contribution contribution) {
      throw new AssertionError();
    }

    @Override
    public void chunk(WorkerConnection worker, ValueChunk chunk) {
      throw new AssertionError();
    }

    @Override
    public void unreachable(WorkerConnection worker, long step, long plan, String reason) {}

    @Override
    public void alive(WorkerConnection worker) {
      throw new AssertionError();
    }

    @Override
    public @Nullable Briefing describe() {
      return null;
    }

    @Override
    public void closed(WorkerConnection worker, String reason) {
      throw new AssertionError();
    }
  }
}
