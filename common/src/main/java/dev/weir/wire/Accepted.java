package dev.weir.wire;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** Does something to every connection that a server accepts, before gRPC sees it. */
final class Accepted extends ChannelInboundHandlerAdapter {
  private final Consumer<Channel> action;

  Accepted(Consumer<Channel> action) {
    this.action = action;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    action.accept((Channel) accepted);
    context.fireChannelRead(accepted);
  }
}
