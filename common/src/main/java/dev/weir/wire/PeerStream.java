package dev.weir.wire;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.weir.proto.FromCoordinator;
import dev.weir.proto.Refuse;
import dev.weir.tls.Credentials;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.channel.socket.DuplexChannel;
import io.grpc.netty.shaded.io.netty.handler.flush.FlushConsolidationHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
  private Reading<?> reading;

  /** What waits for the connection; null once there is one, or none will be. */
  private @Nullable Queue<ByteBuf> early = new ArrayDeque<>();

  /** What came while this was paused. */
  private @Nullable ByteBuf held;

  private boolean paused;

  /** Whether nothing more comes from the socket. */
  private boolean closed;

  /** What went wrong first. */
  private @Nullable String failure;

  /** Packets that were sent, and how many of them the event loop has come to. */
  private final AtomicLong sent = new AtomicLong();

  private long written;

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
    reading.reader().close();
    if (held != null) {
      held.release();
      held = null;
    }
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
    reading.reader().close();
    reading = new Reading<>(new PacketReader<>(prototype, Protocol.MAX_MESSAGE_BYTES), listener);
  }

  /** Hands nothing on until {@link #resume}. */
  public void pause() {
    paused = true;
    channel.config().setAutoRead(false);
  }

  /** Hands on what has come, and what comes. */
  public void resume() {
    paused = false;
    ByteBuf in = held;
    held = null;
    if (in != null) {
      take(in);
    }
    if (!paused && closed) {
      endClosed();
    } else if (!paused) {
      channel.config().setAutoRead(true);
    }
  }

  /** Sends a packet, whether there is room or not. What one thread sends stays in order. */
  public void send(Packet packet) {
    ByteBuf bytes = packet.share();
    if (!connected && isKept(bytes)) {
      return;
    }
    long before = sent.getAndIncrement();
    if (channel.eventLoop().inEventLoop() && before != written) {
      // What another thread has sent before waits for its turn.
      channel.eventLoop().execute(() -> write(bytes));
    } else {
      write(bytes);
    }
  }

  /** Sends a message that nobody else is sent. */
  public void send(MessageLite message) {
    try (Packet packet = Packet.of(message)) {
      send(packet);
    }
  }

  private void write(ByteBuf bytes) {
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
    var unused = channel.closeFuture().addListener(end -> letGo());
  }

  /** Of what was not handed on before the end. */
  private void letGo() {
    if (held != null) {
      endClosed();
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

  private synchronized void connected() {
    Queue<ByteBuf> waiting = early;
    early = null;
    if (waiting != null) {
      sent.addAndGet(waiting.size());
      waiting.forEach(this::write);
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

  private void take(ByteBuf in) {
    try {
      boolean more = true;
      while (more && !over && !paused) {
        more = reading.next(in);
      }
    } catch (RuntimeException e) {
      log.error("a message from {} could not be taken", channel.remoteAddress(), e);
      end("its message could not be taken: " + e);
    } finally {
      if (paused && !over && in.isReadable()) {
        held = in;
      } else {
        in.release();
      }
    }
  }

  private final class Handler extends ChannelDuplexHandler {
    @Override
    public void write(ChannelHandlerContext context, Object data, ChannelPromise promise) {
      written++;
      var unused = context.write(data, promise);
    }

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
      if (held != null) {
        held = Unpooled.wrappedBuffer(held, in);
      } else if (paused) {
        held = in;
      } else {
        take(in);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      closed = true;
      if (!paused || over) {
        endClosed();
      } // Otherwise there may be something to hand on before.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(NetworkReason.of(cause));
    }
  }
}
