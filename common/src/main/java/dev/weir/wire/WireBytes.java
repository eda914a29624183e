package dev.weir.wire;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a process hands to and receives from its sockets: values, gRPC and HTTP/2 framing
 * and, where there is TLS, its records. Headers of TCP and IP are not seen here.
 */
public final class WireBytes {
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();

  /** Bytes written to sockets so far. */
  public long sent() {
    return sent.sum();
  }

  /** Bytes read from sockets so far. */
  public long received() {
    return received.sum();
  }

  /** Puts the counter next to the socket of {@code channel}, below everything else. */
  void count(Channel channel) {
    channel.pipeline().addFirst(new Counter());
  }

  private final class Counter extends ChannelDuplexHandler {
    @Override
    public void write(ChannelHandlerContext context, Object data, ChannelPromise promise) {
      if (data instanceof ByteBuf bytes) {
        sent.add(bytes.readableBytes());
      }
      var unused = context.write(data, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
      if (data instanceof ByteBuf bytes) {
        received.add(bytes.readableBytes());
      }
      context.fireChannelRead(data);
    }
  }
}
