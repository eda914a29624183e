package dev.weir.wire;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.Refuse;
import dev.weir.tls.Credentials;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.socket.DuplexChannel;
import io.grpc.netty.shaded.io.netty.handler.flush.FlushConsolidationHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
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
     * It is over, and not by {@link PeerStream#close} or {@link PeerStream#finish}. Nothing comes
     * afterwards.
     */
    void ended(String reason);
  }

  private static final Logger log = LoggerFactory.getLogger(PeerStream.class);
  private static final Duration REFUSED = Duration.ofSeconds(1);

  /** So many packets go to the socket together where they are sent in one turn of the loop. */
  private static final int SENT_TOGETHER = 64;

  private final Channel channel;
  private final Inflow in;
  private final Outflow out;

  /** Whether nothing more comes from the socket. */
  private boolean closed;

  /** What went wrong first. */
  private @Nullable String failure;

  private volatile boolean over;

  private <M extends Message> PeerStream(
      Channel channel, PacketReader<M> reader, Listener<M> listener) {
    this.channel = channel;
    this.in = new Inflow(reader, listener, this::isOver);
    this.out = new Outflow(channel);
    channel.pipeline().addLast(new FlushConsolidationHandler(SENT_TOGETHER, true));
    channel.pipeline().addLast(new Handler());
    channel.pipeline().addLast(out);
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
   * @param worker where; a name is looked up elsewhere than on the event loop
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
    var unused = loop.group().register(channel).addListener(registered -> stream.lookUp(worker));
    return stream;
  }

  private void lookUp(InetSocketAddress address) {
    if (!address.isUnresolved()) {
      connect(address);
      return;
    }
    var unused =
        CompletableFuture.supplyAsync(
                () -> new InetSocketAddress(address.getHostString(), address.getPort()))
            .thenAcceptAsync(this::connect, channel.eventLoop());
  }

  private void connect(InetSocketAddress address) {
    var unused =
        channel
            .connect(address)
            .addListener(
                dialed -> {
                  if (!dialed.isSuccess()) {
                    fail(
                        address.isUnresolved()
                            ? "its name is not known"
                            : NetworkReason.of(dialed.cause()));
                  }
                });
  }

  private void endClosed() {
    in.close();
    end(failure == null ? "it closed the connection" : failure);
  }

  /**
   * Ends it in a turn of its own: not within a call of whoever sends, who may be in the middle of
   * something.
   */
  private void fail(String reason) {
    if (failure == null) {
      failure = reason;
    }
    channel.eventLoop().execute(() -> end(reason));
  }

  /**
   * From the next message on, has others come, and go to somebody else.
   *
   * @param prototype of the messages that come
   */
  public <M extends Message> void proceed(M prototype, Listener<M> listener) {
    in.proceed(new PacketReader<>(prototype, Protocol.MAX_MESSAGE_BYTES), listener);
  }

  /** Hands nothing on until {@link #resume}. */
  public void pause() {
    in.pause();
    channel.config().setAutoRead(false);
  }

  /** Hands on what has come, and what comes. */
  public void resume() {
    guarded(in::resume);
    if (closed && !in.isPaused()) {
      endClosed();
    } else {
      channel.config().setAutoRead(!in.isPaused());
    }
  }

  /** Sends a packet, whether there is room or not. What one thread sends stays in order. */
  public void send(Packet packet) {
    out.send(packet.share());
  }

  /** Sends a message that nobody else is sent. */
  public void send(MessageLite message) {
    try (Packet packet = Packet.of(message)) {
      send(packet);
    }
  }

  /** Whether the socket has taken most of what was sent, or this is over. Any thread. */
  public boolean isReady() {
    return over || out.isReady();
  }

  /** Whether nothing more is sent or received. Any thread. */
  public boolean isOver() {
    return over;
  }

  /** Ends it at once; the listener is told nothing more. Any thread. */
  public void close() {
    over = true;
    cut();
    var unused = channel.closeFuture().addListener(end -> letGo());
  }

  /** Of what was held as the last that came; of all else, when the channel says that it is over. */
  private void letGo() {
    if (closed) {
      in.close();
    }
  }

  /** Ends it at once; the listener is told, a moment later. Any thread. */
  public void cut() {
    var unused = channel.close();
  }

  /** Ends it with a word to one who dialed. */
  public void refuse(String reason) {
    send(FromCoordinator.newBuilder().setRefuse(Refuse.newBuilder().setReason(reason)).build());
    finish(REFUSED);
  }

  /**
   * Ends it after what was sent before, when the other end has taken that. The listener is told
   * nothing more.
   *
   * @param patience for the other end
   */
  public void finish(Duration patience) {
    over = true;
    // In a turn of its own, as what was sent before may be.
    channel.eventLoop().execute(this::stopSendingOnceAllIsSent);
    Future<?> unused =
        channel.eventLoop().schedule(this::cut, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopSendingOnceAllIsSent() {
    var unused = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> stopSending());
  }

  /** Closed with something unread, a connection is reset, and the last word lost. */
  private void stopSending() {
    var unused = ((DuplexChannel) channel).shutdownOutput();
  }

  private void end(String reason) {
    boolean first = !over;
    close();
    out.close();
    if (first) {
      in.listener().ended(reason);
    }
  }

  private void guarded(Runnable handingOn) {
    try {
      handingOn.run();
    } catch (RuntimeException e) {
      log.error("a message from {} could not be taken", channel.remoteAddress(), e);
      end("its message could not be taken: " + e);
    }
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      out.connected();
      in.listener().ready();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      in.listener().ready();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
      guarded(() -> in.take((ByteBuf) data));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      closed = true;
      if (over || !in.isPaused()) {
        endClosed();
      } // Otherwise there may be something to hand on before.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(NetworkReason.of(cause));
    }
  }
}
