package dev.weir.worker.rpc;

import dev.weir.cli.Addresses;
import dev.weir.proto.Begin;
import dev.weir.proto.FromWorker;
import dev.weir.proto.Greet;
import dev.weir.proto.Owner;
import dev.weir.proto.Plan;
import dev.weir.proto.Unreachable;
import dev.weir.reduction.Slice;
import dev.weir.sum.SumFormat;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import dev.weir.wire.EventLoop;
import dev.weir.wire.Packet;
import dev.weir.wire.ValueChunk;
import dev.weir.wire.WireBytes;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's part in adding without the coordinator: it owns a slice of the vector, and contributes
 * to the slices of others. Plans are adopted on the event loop; the training thread contributes.
 */
final class Exchange implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /**
   * What is exchanged.
   *
   * @param values length of the vector, k
   * @param chunkLength values per chunk
   * @param shards of a step, S
   * @param format how values travel
   */
  record Shape(int values, int chunkLength, int shards, SumFormat format) {}

  /** An owner; no link to oneself. */
  private record Target(@Nullable PeerLink link) {}

  /**
   * The latest plan, as seen from here.
   *
   * @param targets the owners, in the plan's order
   */
  private record Route(long plan, List<Target> targets) {}

  private final String host;
  private final Endpoint coordinator;
  private final Greet self;
  private final EventLoop loop;
  private final WireBytes bytes;
  private final Receiver receiver;
  private final SliceOwner owner;
  private final SliceServer server;
  private final Map<Integer, PeerLink> links = new HashMap<>();
  private volatile Route route = new Route(0, List.of());

  /**
   * Begins to listen.
   *
   * @param host by which others reach this worker
   * @param coordinator whose token and certificates are asked for
   * @param self who this worker is
   * @throws dev.weir.problem.UserException if the address cannot be listened on
   */
  Exchange(
      InetSocketAddress listen,
      String host,
      Endpoint coordinator,
      Greet self,
      Shape shape,
      EventLoop loop,
      WireBytes bytes,
      Receiver receiver) {
    this.host = host;
    this.coordinator = coordinator;
    this.self = self.toBuilder().setToken(coordinator.token()).build();
    this.loop = loop;
    this.bytes = bytes;
    this.receiver = receiver;
    this.owner =
        new SliceOwner(
            shape.values(), shape.chunkLength(), shape.shards(), shape.format(), receiver);
    this.server =
        new SliceServer(
            listen,
            new Door(coordinator.token(), coordinator.credentials()),
            self.getLife(),
            loop,
            bytes,
            owner,
            receiver::meet);
  }

  /** Where other workers reach this one, as host:port. */
  String address() {
    return host + ":" + server.port();
  }

  /** From now on owners are those of {@code plan}. */
  void adopt(Plan plan) {
    List<Owner> owners = plan.getOwnersList();
    List<Target> targets = new ArrayList<>();
    for (Owner one : owners) {
      targets.add(new Target(one.getWorker() == self.getWorker() ? null : link(one)));
    }
    links.entrySet().removeIf(entry -> isNeedless(entry.getKey(), entry.getValue(), owners));
    route = new Route(plan.getNumber(), List.copyOf(targets));
    log.debug("plan {}: {} owners", plan.getNumber(), owners.size());
  }

  private PeerLink link(Owner peer) {
    PeerLink present = links.get(peer.getWorker());
    if (present != null && present.leadsTo(peer.getAddress())) {
      return present;
    }
    if (present != null) {
      present.close();
    }
    Endpoint endpoint =
        new Endpoint(
            Addresses.parseUnresolved("another worker", peer.getAddress()),
            coordinator.token(),
            coordinator.credentials());
    PeerLink link =
        new PeerLink(
            endpoint, self, loop, bytes, receiver, reason -> unreachable(peer.getWorker(), reason));
    links.put(peer.getWorker(), link);
    return link;
  }

  private static boolean isNeedless(int worker, PeerLink link, List<Owner> owners) {
    boolean isNeedless = owners.stream().noneMatch(owner -> owner.getWorker() == worker);
    if (isNeedless) {
      link.close();
    }
    return isNeedless;
  }

  /** Tells the coordinator that sums do not come from an owner, or nothing can be sent to it. */
  void unreachable(int worker, String reason) {
    Unreachable message =
        Unreachable.newBuilder()
            .setPlan(route.plan())
            .setWorker(worker)
            .setReason(reason)
            .setStep(Math.max(0, receiver.steps().inWork()))
            .build();
    receiver.outbox().send(FromWorker.newBuilder().setUnreachable(message).build());
  }

  /**
   * To the owners of a plan, who are told what comes; nowhere if that is not the latest plan.
   *
   * @param begin which shards the chunks are sums of
   */
  Way way(long plan, Begin begin) {
    Route current = route;
    if (current.plan() != plan) {
      return Way.NOWHERE;
    }
    FromWorker message = FromWorker.newBuilder().setBegin(begin).build();
    try (Packet packet = Packet.of(message)) {
      for (Target target : current.targets()) {
        if (target.link() == null) {
          owner.begin(self.getWorker(), begin);
        } else {
          target.link().send(packet);
        }
      }
    }
    return new ToOwners(current.targets());
  }

  private final class ToOwners implements Way {
    private final List<Target> targets;

    ToOwners(List<Target> targets) {
      this.targets = targets;
    }

    @Override
    public boolean isReady(int index) {
      PeerLink link = ownerOf(index).link();
      return link == null || link.isReady();
    }

    @Override
    public void awaitReady(int index) throws InterruptedException {
      PeerLink link = ownerOf(index).link();
      if (link != null) {
        link.awaitReady();
      }
    }

    @Override
    public void send(int index, ValueChunk chunk) {
      PeerLink link = ownerOf(index).link();
      if (link == null) {
        owner.add(self.getWorker(), chunk);
      } else {
        try (Packet packet = Packet.of(chunk)) {
          link.send(packet);
        }
      }
    }

    private Target ownerOf(int index) {
      return targets.get(Slice.owner(index, targets.size()));
    }
  }

  @Override
  public void close() {
    server.close();
    loop.executor().execute(() -> links.values().forEach(PeerLink::close));
  }
}
