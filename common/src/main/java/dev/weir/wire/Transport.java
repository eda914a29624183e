package dev.weir.wire;

import io.grpc.ManagedChannel;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Channels and servers as Weir wants them: one event loop that also runs the callbacks, a fixed
 * flow-control window (gRPC's default grows from 1 MiB by measuring with pings), no Nagle delay,
 * and every byte counted at the socket.
 */
public final class Transport {
  private static final int FLOW_CONTROL_WINDOW = 16 << 20;

  private Transport() {}

  /** A connection to a coordinator, not yet opened. */
  public static ManagedChannel channel(InetSocketAddress address, EventLoop loop, WireBytes bytes) {
    return NettyChannelBuilder.forAddress((SocketAddress) address)
        .usePlaintext()
        .eventLoopGroup(loop.group())
        .channelFactory(() -> bytes.count(EventLoop.socketChannel()))
        .withOption(ChannelOption.TCP_NODELAY, true)
        .flowControlWindow(FLOW_CONTROL_WINDOW)
        .maxInboundMessageSize(Protocol.MAX_MESSAGE_BYTES)
        .directExecutor()
        .build();
  }

  /** A server on {@code address}, to which services are yet to be added. */
  public static ServerBuilder<?> server(
      InetSocketAddress address, EventLoop loop, WireBytes bytes) {
    return NettyServerBuilder.forAddress(address)
        .bossEventLoopGroup(loop.group())
        .workerEventLoopGroup(loop.group())
        .channelFactory(() -> bytes.countAccepted(EventLoop.serverChannel()))
        .withChildOption(ChannelOption.TCP_NODELAY, true)
        .flowControlWindow(FLOW_CONTROL_WINDOW)
        .maxInboundMessageSize(Protocol.MAX_MESSAGE_BYTES)
        .directExecutor();
  }
}
