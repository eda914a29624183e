package dev.weir.wire;

import io.grpc.netty.shaded.io.netty.channel.Channel;
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

  /** Remembers a connection as long as it is open. */
  void add(Channel channel) {
    SocketAddress remote = channel.remoteAddress();
    if (remote != null) {
      open.put(remote, channel);
      var unused = channel.closeFuture().addListener(closed -> open.remove(remote, channel));
    }
  }
}
