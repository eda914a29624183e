package dev.weir.wire;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread that reads and writes a process's sockets and runs every callback of gRPC. What is
 * only touched by callbacks and by tasks of {@link #executor} therefore needs no lock.
 */
public final class EventLoop implements AutoCloseable {
  private static final boolean EPOLL = Epoll.isAvailable();

  static {
    // It would take a stack trace of every 128th buffer, to find bugs of those who use Netty.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  private final EventLoopGroup group;

  /**
   * @param name of the thread
   */
  public EventLoop(String name) {
    IoHandlerFactory io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), io);
  }

  /** Whether a task of the loop's thread is done within {@code patience}. Blocks so long. */
  public boolean answers(Duration patience) {
    FutureTask<Boolean> question = new FutureTask<>(() -> true);
    try {
      executor().execute(question);
      return question.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Runs tasks on the loop's thread. */
  public ScheduledExecutorService executor() {
    return group.next();
  }

  EventLoopGroup group() {
    return group;
  }

  static ServerChannel serverChannel() {
    return EPOLL ? new EpollServerSocketChannel() : new NioServerSocketChannel();
  }

  static SocketChannel socketChannel() {
    return EPOLL ? new EpollSocketChannel() : new NioSocketChannel();
  }

  @Override
  public void close() {
    var unused = group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
