package dev.weir.worker.rpc;

import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.wire.Door;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Frame;
import dev.weir.wire.Packet;
import dev.weir.wire.PeerServer;
import dev.weir.wire.PeerStream;
import dev.weir.wire.Unread;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for other workers and the coordinator, behind the coordinator's door, and hands on what
 * they contribute.
 */
final class SliceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SliceServer.class);

  /** The number by which the coordinator greets; those of workers begin at 1. */
  private static final int COORDINATOR = 0;

  private final SliceOwner owner;
  private final BiConsumer<PeerStream, Greet> coordinator;
  private final long life;
  private final PeerServer server;

  /**
   * Begins to listen.
   *
   * @param life of the coordinator, which others must share
   * @param coordinator takes the stream of the coordinator when that has greeted; it throws an
   *     IllegalArgumentException to refuse it
   * @throws dev.weir.problem.UserException if the address cannot be listened on
   */
  SliceServer(
      InetSocketAddress address,
      Door door,
      long life,
      EventLoop loop,
      WireBytes bytes,
      SliceOwner owner,
      BiConsumer<PeerStream, Greet> coordinator) {
    this.owner = owner;
    this.coordinator = coordinator;
    this.life = life;
    this.server =
        new PeerServer(
            address,
            door,
            loop,
            bytes,
            this::open,
            "Choose another address or port with --listen.");
  }

  /** The port it listens on. */
  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  private void open(PeerStream stream, Greet greet, String address) {
    if (greet.getLife() != life || greet.getWorker() < 0) {
      throw new IllegalArgumentException("a Greet of another coordinator's");
    }
    if (greet.getWorker() == COORDINATOR) {
      coordinator.accept(stream, greet);
    } else {
      Contributor contributor = new Contributor(stream, greet.getWorker(), address);
      stream.proceed(FromWorker.getDefaultInstance(), contributor);
      owner.greet(greet.getWorker(), contributor);
    }
  }

  /** Who contributes on a stream; back go the sums. */
  private final class Contributor implements PeerStream.Listener<FromWorker>, Consumer<Packet> {
    private final PeerStream stream;
    private final int worker;
    private final String address;
    private final Unread unread;
    private boolean cut;

    Contributor(PeerStream stream, int worker, String address) {
      this.stream = stream;
      this.worker = worker;
      this.address = address;
      this.unread = new Unread(stream::isReady);
      unread.allow(owner.vectorBytes());
    }

    /** Sends sums, unless what was sent before is not read. One thread at a time. */
    @Override
    public void accept(Packet sums) {
      if (!cut && unread.isTooMuch(sums.size())) {
        cut = true;
        log.warn("{} is cut off: {}", this, unread.reason());
        stream.cut();
      }
      if (!cut) {
        stream.send(sums);
      }
    }

    @Override
    public void taken(Frame<FromWorker> frame) {
      try {
        take(frame);
      } catch (IllegalArgumentException e) {
        String reason = String.valueOf(e.getMessage());
        log.warn("{} broke the protocol: {}", this, reason);
        owner.gone(worker, this);
        stream.refuse(reason);
      }
    }

    private void take(Frame<FromWorker> frame) {
      if (frame instanceof Frame.Values<FromWorker> values) {
        owner.add(worker, values.chunk());
      } else if (frame instanceof Frame.Message<FromWorker> message
          && message.message().hasBegin()) {
        owner.begin(worker, message.message().getBegin());
      } else if (frame instanceof Frame.Malformed<FromWorker> malformed) {
        throw new IllegalArgumentException(malformed.reason());
      } else {
        throw new IllegalArgumentException("a message that is not for owners");
      }
    }

    @Override
    public void ended(String reason) {
      owner.gone(worker, this);
    }

    @Override
    public String toString() {
      return "worker " + worker + " at " + address;
    }
  }
}
