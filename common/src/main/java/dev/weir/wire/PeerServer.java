package dev.weir.wire;

import dev.weir.problem.UserException;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.group.ChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.group.DefaultChannelGroup;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens for those who dial the owner of a slice. The first message must be a {@link Greet} with
 * the join token; nothing else of a stranger's is read.
 */
public final class PeerServer implements AutoCloseable {
  private static final int MOST_GREETING_BYTES = 2 << 10;

  /** Takes a stream whose other end has shown the token. */
  public interface Opener {
    /**
     * Has it {@linkplain PeerStream#proceed proceed}.
     *
     * @param address how messages name the other end
     * @throws IllegalArgumentException if it is not welcome; it and the log are told why
     */
    void open(PeerStream stream, Greet greet, String address);
  }

  private final Door door;
  private final Opener opener;
  private final TokenCheck token;
  private final TurnedAway turnedAway = new TurnedAway(System::nanoTime);
  private final ChannelGroup open;
  private final Channel listening;

  /**
   * Begins to listen. Not to be called on the event loop.
   *
   * @param remedy what to do if that is not possible
   * @throws UserException if the address cannot be listened on, or the files of the credentials do
   *     not belong together
   */
  public PeerServer(
      InetSocketAddress address,
      Door door,
      EventLoop loop,
      WireBytes bytes,
      Opener opener,
      String remedy) {
    this.door = door;
    this.opener = opener;
    this.token = new TokenCheck(door.token(), turnedAway);
    this.open = new DefaultChannelGroup(loop.group().next(), true); // Once closed, it stays so.
    SslContext tls =
        door.credentials() == null ? null : Transport.peerServerTls(door.credentials());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.group(), loop.group())
            .channelFactory(EventLoop::serverChannel)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Transport.prepare(channel, bytes);
                    accept(channel, tls);
                  }
                });
    this.listening = Transport.listen(() -> bound(bootstrap.bind(address)), address, remedy);
  }

  private static Channel bound(ChannelFuture binding) throws IOException {
    try {
      var unused = binding.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a port was bound");
    }
    if (!binding.isSuccess()) {
      throw new IOException(binding.cause());
    }
    return binding.channel();
  }

  private void accept(Channel channel, @Nullable SslContext tls) {
    open.add(channel);
    if (tls != null) {
      SslHandler handler = tls.newHandler(Transport.BUFFERS);
      handler.setHandshakeTimeoutMillis(door.patience().toMillis());
      channel.pipeline().addLast(handler);
    }
    Entrance entrance = new Entrance(channel);
    Future<?> limit =
        channel
            .eventLoop()
            .schedule(entrance::expire, door.patience().toNanos(), TimeUnit.NANOSECONDS);
    var unused = channel.closeFuture().addListener(closed -> limit.cancel(false));
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** Stops listening and ends all streams at once. */
  @Override
  public void close() {
    Future<?> unused = listening.close();
    unused = open.close();
  }

  /** Where one who has dialed waits until it is known who that is. */
  private final class Entrance implements PeerStream.Listener<FromWorker> {
    private final String address;
    private final PeerStream stream;
    private boolean passed;

    Entrance(Channel channel) {
      this.address = TurnedAway.name(channel.remoteAddress());
      this.stream =
          PeerStream.of(channel, FromWorker.getDefaultInstance(), MOST_GREETING_BYTES, this);
    }

    @Override
    public void taken(Frame<FromWorker> frame) {
      if (!(frame instanceof Frame.Message<FromWorker> first) || !first.message().hasGreet()) {
        turnAway("a message before Greet");
        return;
      }
      Greet greet = first.message().getGreet();
      if (!token.isShownBy(greet.getToken())) {
        turnAway(TokenCheck.REASON);
        return;
      }
      try {
        opener.open(stream, greet, address);
        passed = true;
      } catch (IllegalArgumentException e) {
        turnAway(String.valueOf(e.getMessage()));
      }
    }

    void expire() {
      if (!passed && !stream.isOver()) {
        turnAway("there was no Greet in time");
      }
    }

    private void turnAway(String reason) {
      String unused = turnedAway.note(address, reason);
      stream.refuse(reason);
    }

    @Override
    public void ended(String reason) {} // Whoever it was has looked in.
  }
}
