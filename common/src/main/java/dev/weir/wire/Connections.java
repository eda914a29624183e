package dev.weir.wire;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections of a server. gRPC can only end a stream politely, after all that was sent
 * before; from a peer that does not read, nothing but the end of its connection gets that memory
 * back.
 */
public final class Connections {
  private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();

  /** Closes a connection at once, with whatever waits to be sent on it. */
  public void cut(SocketAddress remote) {
    Channel channel = open.get(remote);
    if (channel != null) {
      var unused =
          channel
              .pipeline()
              .firstContext()
              .close(); // Past HTTP/2, which would wait for its streams.
    }
  }

  /** Remembers every connection that {@code server} accepts, as long as it is open. */
  <C extends Channel> C watch(C server) {
    server.pipeline().addFirst(new Acceptor());
    return server;
  }

  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      Channel channel = (Channel) accepted;
      SocketAddress remote = channel.remoteAddress();
      if (remote != null) {
        open.put(remote, channel);
        var unused = channel.closeFuture().addListener(closed -> open.remove(remote, channel));
      }
      context.fireChannelRead(accepted);
    }
  }
}
