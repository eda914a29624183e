package dev.weir.wire;

import com.google.protobuf.Message;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.Refuse;
import dev.weir.tls.Credentials;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.socket.DuplexChannel;
import io.grpc.netty.shaded.io.netty.handler.flush.FlushConsolidationHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection that carries the messages of {@code training.proto} without gRPC, as
 * {@link Packet}s over TCP or TLS: between workers that add for each other, and between them and
 * the coordinator. What gRPC would add costs more than the values themselves where the network is
 * fast.
 *
 * <p>Any thread may send; all else is for the event loop. What is sent after the end vanishes.
 */
public final class PeerStream {
  /**
   * Takes what comes, on the event loop.
   *
   * @param <M> the protocol message of this direction
   */
  public interface Listener<M> {
    /** A message; one of values is valid during the call. */
    void taken(Frame<M> frame);

    /** Something may have changed about {@link PeerStream#isReady}. */
    default void ready() {}

    /**
     * It is over, and not by {@link PeerStream#close} or {@link PeerStream#refuse}. Nothing comes
     * afterwards.
     */
    void ended(String reason);
  }

  private static final Logger log = LoggerFactory.getLogger(PeerStream.class);
  private static final int LINGER_SECONDS = 1;

  /** So many packets go to the socket together where they are sent in one turn of the loop. */
  private static final int SENT_TOGETHER = 64;

  private final Channel channel;
  private Reading<?> reading;

  /** What waits for the connection; null once there is one, or none will be. */
  private @Nullable Queue<ByteBuf> early = new ArrayDeque<>();

  private volatile boolean connected;
  private volatile boolean over;

  /** What is made of the bytes that come. */
  private record Reading<M extends Message>(PacketReader<M> reader, Listener<M> listener) {
    /** Hands on the next message; whether there was a whole one. */
    boolean next(ByteBuf in) {
      Frame<M> frame = reader.read(in);
      if (frame == null) {
        return false;
      }
      listener.taken(frame);
      return true;
    }
  }

  private <M extends Message> PeerStream(
      Channel channel, PacketReader<M> reader, Listener<M> listener) {
    this.channel = channel;
    this.reading = new Reading<>(reader, listener);
    channel.pipeline().addLast(new FlushConsolidationHandler(SENT_TOGETHER, true));
    channel.pipeline().addLast(new Handler());
  }

  /**
   * Of a channel that is not registered yet.
   *
   * @param prototype of the messages that come
   * @param most bytes that one may have
   */
  static <M extends Message> PeerStream of(
      Channel channel, M prototype, int most, Listener<M> listener) {
    return new PeerStream(channel, new PacketReader<>(prototype, most), listener);
  }

  /**
   * Dials a worker that serves others.
   *
   * @param credentials null for plaintext
   * @param prototype of the messages that come
   * @param listener takes them, and learns if the worker cannot be reached
   * @throws dev.weir.problem.UserException if the files of the credentials do not belong together
   */
  public static <M extends Message> PeerStream dial(
      InetSocketAddress worker,
      @Nullable Credentials credentials,
      EventLoop loop,
      WireBytes bytes,
      M prototype,
      Listener<M> listener) {
    SslContext tls = credentials == null ? null : Transport.peerClientTls(credentials);
    Channel channel = EventLoop.socketChannel();
    Transport.prepare(channel, bytes);
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(Transport.BUFFERS));
    }
    PeerStream stream = of(channel, prototype, Protocol.MAX_MESSAGE_BYTES, listener);
    var unused = loop.group().register(channel).addListener(registered -> stream.connect(worker));
    return stream;
  }

  private void connect(InetSocketAddress address) {
    var unused =
        channel
            .connect(address)
            .addListener(
                dialed -> {
                  if (!dialed.isSuccess()) {
                    end(
                        address.isUnresolved()
                            ? "its name is not known"
                            : NetworkReason.of(dialed.cause()));
                  }
                });
  }

  /**
   * From the next message on, has others come, and go to somebody else.
   *
   * @param prototype of the messages that come
   */
  public <M extends Message> void proceed(M prototype, Listener<M> listener) {
    reading.reader().close();
    reading = new Reading<>(new PacketReader<>(prototype, Protocol.MAX_MESSAGE_BYTES), listener);
  }

  /** Leaves what comes at the socket until {@link #resume}. */
  public void pause() {
    channel.config().setAutoRead(false);
  }

  /** Reads again. */
  public void resume() {
    channel.config().setAutoRead(true);
  }

  /** Sends a packet, whether there is room or not. */
  public void send(Packet packet) {
    ByteBuf bytes = packet.share();
    if (!connected && isKept(bytes)) {
      return;
    }
    var unused = channel.writeAndFlush(bytes, channel.voidPromise());
  }

  private synchronized boolean isKept(ByteBuf bytes) {
    return early != null && early.add(bytes);
  }

  /** Whether the socket has taken most of what was sent, or this is over. Any thread. */
  public boolean isReady() {
    return over || (connected && channel.isWritable());
  }

  /** Whether nothing more is sent or received. Any thread. */
  public boolean isOver() {
    return over;
  }

  /** Ends it at once; the listener is told nothing more. Any thread. */
  public void close() {
    over = true;
    cut();
  }

  /** Ends it at once; the listener is told, a moment later. Any thread. */
  public void cut() {
    var unused = channel.close();
  }

  /** Ends it with a word to one who dialed, after what was sent before. */
  public void refuse(String reason) {
    FromCoordinator last =
        FromCoordinator.newBuilder().setRefuse(Refuse.newBuilder().setReason(reason)).build();
    over = true;
    try (Packet packet = Packet.of(last)) {
      var unused = channel.writeAndFlush(packet.share()).addListener(sent -> stopSending());
    }
    var unused = channel.eventLoop().schedule(this::cut, LINGER_SECONDS, TimeUnit.SECONDS);
  }

  /** Closed with something unread, a connection is reset, and the last word lost. */
  private void stopSending() {
    var unused = ((DuplexChannel) channel).shutdownOutput();
  }

  private synchronized void connected() {
    Queue<ByteBuf> waiting = early;
    early = null;
    if (waiting != null) {
      for (ByteBuf bytes : waiting) {
        var unused = channel.write(bytes, channel.voidPromise());
      }
      channel.flush();
    }
    connected = true;
  }

  private void end(String reason) {
    boolean first = !over;
    close();
    release();
    if (first) {
      reading.listener().ended(reason);
    }
  }

  private synchronized void release() {
    if (early != null) {
      early.forEach(ByteBuf::release);
      early = null;
    }
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      connected();
      reading.listener().ready();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      reading.listener().ready();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
      ByteBuf in = (ByteBuf) data;
      try {
        boolean more = true;
        while (more && !over) {
          more = reading.next(in);
        }
      } catch (RuntimeException e) {
        log.error("a message from {} could not be taken", channel.remoteAddress(), e);
        end("its message could not be taken: " + e);
      } finally {
        in.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      reading.reader().close();
      end("it closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      end(NetworkReason.of(cause));
    }
  }
}
