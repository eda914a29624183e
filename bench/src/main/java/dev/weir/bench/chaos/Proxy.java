package dev.weir.bench.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A worker's way to the coordinator, which can be cut and slowed. It listens on a port of its own
 * on the loopback address and hands on what comes, in both directions.
 */
final class Proxy implements AutoCloseable {
  private static final int READ_BYTES = 64 << 10;
  private static final int CONNECT_MS = 1_000;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile int holdMs;

  /**
   * @param target port of the coordinator on the loopback address
   */
  Proxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen for a worker", e);
    }
    start(this::accept, "accept");
  }

  /** Where the worker is to dial. */
  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Resets all connections, and those to come until {@link #mend}. */
  void cut() {
    cut = true;
    sockets.forEach(Proxy::abort);
  }

  void mend() {
    cut = false;
  }

  /** Holds up everything that is read, in either direction, for so long; 0 for not at all. */
  void slow(int readMs) {
    holdMs = readMs;
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket worker = server.accept();
        start(() -> connect(worker), "connect");
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket worker) {
    Socket coordinator = new Socket();
    sockets.add(worker);
    sockets.add(coordinator);
    try {
      coordinator.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MS);
      coordinator.setTcpNoDelay(true);
      worker.setTcpNoDelay(true);
      if (!cut) {
        start(() -> pump(coordinator, worker), "down");
        pump(worker, coordinator);
      }
    } catch (IOException e) {
      // The coordinator is not there: the worker is to find out, and does.
    } finally {
      reset(worker);
      reset(coordinator);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] bytes = new byte[READ_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        int held = holdMs;
        if (held > 0) {
          Thread.sleep(held);
        }
        out.write(bytes, 0, read);
      }
    } catch (IOException e) {
      // The other direction closes both.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reset(from);
      reset(to);
    }
  }

  /** What a dead host's kernel does. */
  private void reset(Socket socket) {
    sockets.remove(socket);
    abort(socket);
  }

  private static void abort(Socket socket) {
    try {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    } catch (IOException e) {
      // It is gone already.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
