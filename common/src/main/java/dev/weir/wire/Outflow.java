package dev.weir.wire;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on a {@link PeerStream}, also before it is connected, in the order in which it was
 * sent, whichever threads send. The last handler of its channel.
 */
final class Outflow extends ChannelOutboundHandlerAdapter {
  private final Channel channel;

  /** What waits for the connection; null once there is one, or none will be. */
  private @Nullable Queue<ByteBuf> early = new ArrayDeque<>();

  /** Packets that were sent, and how many of them the event loop has come to. */
  private final AtomicLong sent = new AtomicLong();

  private long written;
  private volatile boolean connected;

  Outflow(Channel channel) {
    this.channel = channel;
  }

  /** Sends bytes, which are its own from now on. */
  void send(ByteBuf bytes) {
    if (!connected && isKept(bytes)) {
      return;
    }
    long before = sent.getAndIncrement();
    if (channel.eventLoop().inEventLoop() && before != written) {
      // What another thread has sent before waits for its turn.
      channel.eventLoop().execute(() -> flush(bytes));
    } else {
      flush(bytes);
    }
  }

  private void flush(ByteBuf bytes) {
    var unused = channel.writeAndFlush(bytes, channel.voidPromise());
  }

  private synchronized boolean isKept(ByteBuf bytes) {
    return early != null && early.add(bytes);
  }

  /** Whether the socket has taken most of what was sent. Any thread. */
  boolean isReady() {
    return connected && channel.isWritable();
  }

  /** Sends what waits for the connection. */
  synchronized void connected() {
    Queue<ByteBuf> waiting = early;
    early = null;
    if (waiting != null) {
      sent.addAndGet(waiting.size());
      waiting.forEach(this::flush);
    }
    connected = true;
  }

  /** Lets go of what waits for the connection. */
  synchronized void close() {
    if (early != null) {
      early.forEach(ByteBuf::release);
      early = null;
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object data, ChannelPromise promise) {
    written++;
    var unused = context.write(data, promise);
  }
}
