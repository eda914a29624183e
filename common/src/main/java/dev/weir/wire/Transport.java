package dev.weir.wire;

import dev.weir.problem.UserException;
import dev.weir.tls.Credentials;
import dev.weir.tls.PeerTrust;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.buffer.PooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.RecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.WriteBufferWaterMark;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Channels and servers as Weir wants them: one event loop that also runs the callbacks, a fixed
 * flow-control window (gRPC's default grows from 1 MiB by measuring with pings), no Nagle delay,
 * and every byte counted at the socket. With {@link Credentials} both sides show certificates.
 */
public final class Transport {
  /**
   * gRPC's word for a peer that does not speak HTTP/2, with a stack trace; what users need to know
   * of one is told elsewhere. Held here, since a logger that nobody holds forgets its level.
   */
  private static final Logger FAILED_TRANSPORTS =
      Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport");

  static {
    FAILED_TRANSPORTS.setLevel(Level.WARNING);
  }

  private static final int FLOW_CONTROL_WINDOW = 16 << 20;

  /**
   * HTTP/2 gives the socket as much at a time as its queue may hold. Netty's default of 64 KiB cuts
   * every chunk of values in two, and each is a system call of its own.
   */
  private static final WriteBufferWaterMark WRITTEN_AT_ONCE =
      new WriteBufferWaterMark(256 << 10, 512 << 10);

  /**
   * Bytes that may wait in the queue of a {@link PeerStream} before a sender of chunks pauses:
   * enough for the event loop to have something to write, and few enough to be in a cache still
   * when it does.
   */
  private static final WriteBufferWaterMark WAITING_AT_PEERS =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  private static final int CONNECT_MILLIS = 10_000;

  /**
   * A connection on which nothing goes is asked that often whether it is still there, and so kept
   * by what is between: where a session goes on beside, it has nothing to carry.
   */
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);

  private static final int FEWEST_READ_BYTES = 64;
  private static final int FIRST_READ_BYTES = 2 << 10;

  /**
   * As much is read from a socket at a time where that much keeps coming. Netty's most, 64 KiB,
   * cuts every chunk of values in two or more, and each is a system call and a turn of the decoder
   * of its own.
   */
  private static final int MOST_READ_BYTES = 256 << 10;

  private static final int PAGE_BYTES = 8192;

  /** Pages of 8 KiB, doubled so often, are 16 MiB. */
  private static final int PAGE_DOUBLINGS = 11;

  /**
   * Where the transport's buffers come from: an arena that asks for 16 MiB of memory at a time. Of
   * an arena that asks for less, as gRPC's own does, a vector of some megabytes fills several such
   * parts, and each is given back as soon as it is empty, to be asked for again, and cleared, in
   * the next step.
   */
  static final ByteBufAllocator BUFFERS =
      new PooledByteBufAllocator(
          true,
          0,
          1,
          PAGE_BYTES,
          PAGE_DOUBLINGS,
          PooledByteBufAllocator.defaultSmallCacheSize(),
          PooledByteBufAllocator.defaultNormalCacheSize(),
          false);

  /** A worker needs one; a few more let a new stream overlap with one that is ending. */
  private static final int CALLS_PER_CONNECTION = 8;

  private Transport() {}

  /**
   * A connection to a coordinator, not yet opened.
   *
   * @param credentials null for plaintext
   * @throws UserException if the files of the credentials do not belong together
   */
  public static ManagedChannel channel(
      InetSocketAddress address,
      @Nullable Credentials credentials,
      EventLoop loop,
      WireBytes bytes) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress((SocketAddress) address)
            .eventLoopGroup(loop.group())
            .channelFactory(() -> dialling(bytes))
            .withOption(ChannelOption.ALLOCATOR, BUFFERS)
            .withOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
            .withOption(ChannelOption.TCP_NODELAY, true)
            .withOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITTEN_AT_ONCE)
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .maxInboundMessageSize(Protocol.MAX_MESSAGE_BYTES)
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .directExecutor();
    return credentials == null
        ? builder.usePlaintext().build()
        : builder
            .sslContext(
                context(
                    credentials,
                    GrpcSslContexts.configure(
                        SslContextBuilder.forClient()
                            .trustManager(credentials.authority().toFile())),
                    ClientAuth.NONE))
            .build();
  }

  /** Makes a new channel one of a {@link PeerStream}. */
  static void prepare(Channel channel, WireBytes bytes) {
    channel.config().setAllocator(BUFFERS);
    channel.config().setRecvByteBufAllocator(reads());
    channel.config().setWriteBufferWaterMark(WAITING_AT_PEERS);
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    channel.config().setConnectTimeoutMillis(CONNECT_MILLIS);
    bytes.count(channel);
  }

  /** For who dials a worker that serves others. */
  static SslContext peerClientTls(Credentials credentials) {
    return context(
        credentials,
        SslContextBuilder.forClient().trustManager(PeerTrust.of(credentials)),
        ClientAuth.NONE);
  }

  /** For a worker that serves others. */
  static SslContext peerServerTls(Credentials credentials) {
    return context(
        credentials,
        SslContextBuilder.forServer(credentials.certificate().toFile(), credentials.key().toFile())
            .trustManager(PeerTrust.of(credentials)),
        ClientAuth.REQUIRE);
  }

  private static RecvByteBufAllocator reads() {
    return new AdaptiveRecvByteBufAllocator(FEWEST_READ_BYTES, FIRST_READ_BYTES, MOST_READ_BYTES);
  }

  private static Channel dialling(WireBytes bytes) {
    Channel channel = EventLoop.socketChannel();
    bytes.count(channel);
    LargeFrames.allow(channel);
    return channel;
  }

  /**
   * A server on {@code address}, to which services are yet to be added.
   *
   * @param credentials null for plaintext
   * @param patience how long a connection may be open without a call on it
   * @param connections learns of those that are open
   * @throws UserException if the files of the credentials do not belong together
   */
  public static ServerBuilder<?> server(
      InetSocketAddress address,
      @Nullable Credentials credentials,
      Duration patience,
      EventLoop loop,
      WireBytes bytes,
      Connections connections) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .bossEventLoopGroup(loop.group())
            .workerEventLoopGroup(loop.group())
            .channelFactory(() -> listening(bytes, connections))
            .withChildOption(ChannelOption.ALLOCATOR, BUFFERS)
            .withChildOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITTEN_AT_ONCE)
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .maxInboundMessageSize(Protocol.MAX_MESSAGE_BYTES)
            .permitKeepAliveTime(KEEP_ALIVE.toSeconds() / 2, TimeUnit.SECONDS)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
            .handshakeTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(patience.toMillis(), TimeUnit.MILLISECONDS)
            .decompressorRegistry(DecompressorRegistry.emptyInstance())
            .directExecutor();
    return credentials == null
        ? builder
        : builder.sslContext(
            context(
                credentials,
                GrpcSslContexts.configure(
                    SslContextBuilder.forServer(
                            credentials.certificate().toFile(), credentials.key().toFile())
                        .trustManager(credentials.authority().toFile())),
                ClientAuth.REQUIRE));
  }

  private static ServerChannel listening(WireBytes bytes, Connections connections) {
    ServerChannel server = EventLoop.serverChannel();
    server
        .pipeline()
        .addFirst(
            new Accepted(
                channel -> {
                  bytes.count(channel);
                  connections.add(channel);
                  LargeFrames.allow(channel);
                }));
    return server;
  }

  /**
   * Begins to listen, as soon as a process that is being killed has given the port back.
   *
   * @param remedy what to do if that is not possible
   * @throws UserException if the address cannot be listened on
   */
  public static void start(Server server, InetSocketAddress address, String remedy) {
    Server unused = listen(server::start, address, remedy);
  }

  /** Binds as {@link #start} does. */
  static <T> T listen(Bind.Binding<T> binding, InetSocketAddress address, String remedy) {
    try {
      return Bind.patiently(binding);
    } catch (IOException e) {
      throw new UserException(
          address.getHostString() + ":" + address.getPort(),
          "cannot listen there: " + NetworkReason.of(e),
          remedy);
    }
  }

  private static SslContext context(
      Credentials credentials, SslContextBuilder builder, ClientAuth clients) {
    try {
      return builder
          .keyManager(credentials.certificate().toFile(), credentials.key().toFile())
          .clientAuth(clients)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new UserException(
          credentials.key().toString(),
          "cannot be used with " + credentials.certificate() + ": " + e.getMessage(),
          "Give an unencrypted PKCS#8 key and the certificate that was made for it, as 'weir certs'"
              + " does.");
    }
  }
}
