package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.weir.cli.Addresses;
import dev.weir.coordinator.AllReduceServer;
import dev.weir.job.FailureLimits;
import dev.weir.job.Topology;
import dev.weir.sum.SumFormat;
import dev.weir.tls.CertificateAuthority;
import dev.weir.tls.Credentials;
import dev.weir.wire.Door;
import dev.weir.wire.Endpoint;
import dev.weir.wire.Link;
import dev.weir.worker.AllReduceClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * What every topology promises at every precision: the sums of a round are those of its shards,
 * each counted once, whoever makes them and whoever is lost. Real sockets, in one process.
 */
class AllReduceContractTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final FailureLimits LIMITS = new FailureLimits(Duration.ofSeconds(20));
  private static final int VALUES = 1003;
  private static final int CHUNK = 64;
  private static final int SHARDS = 4;
  private static final int ROUNDS = 12;
  private static final int EVENTFUL = 5;

  /** What workers tell of their way: by topology auto they then exchange directly. */
  private static final Link SLOW = new Link(1_000, 100_000, 100_000);

  private final Logger sessions =
      (Logger) LoggerFactory.getLogger("dev.weir.coordinator.rpc.StreamBeside");

  /** Sessions that went on without gRPC. */
  private final AtomicInteger besides = new AtomicInteger();

  private final AppenderBase<ILoggingEvent> counting =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          if (line.getMessage().endsWith("goes on beside gRPC")) {
            besides.incrementAndGet();
          }
        }
      };

  private Door door = new Door(TOKEN, null);
  private @Nullable Credentials workerCredentials;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<Long, int[]> sums = new ConcurrentHashMap<>();

  static Stream<Arguments> ways() {
    return Stream.of(Topology.values())
        .flatMap(
            topology ->
                Stream.of(SumFormat.values()).map(format -> Arguments.of(topology, format)));
  }

  @BeforeEach
  void listen() {
    sessions.setLevel(Level.DEBUG);
    sessions.setAdditive(false);
    sessions.addAppender(counting);
    counting.start();
  }

  @AfterEach
  void closeAll() throws Exception {
    sessions.detachAppender(counting);
    threads.shutdownNow();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void sumsAreExact(Topology topology, SumFormat format) throws Exception {
    AllReduceServer server = server(topology, format, 3);
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Rank rank = new Rank(server, topology, format, "rank-" + i);
      if (topology != Topology.HUB) {
        rank.atRound(EVENTFUL, () -> Awaitility.await().until(() -> besides.get() == 3));
      }
      workers.add(work(rank));
    }
    awaitAll(workers);
    server.await();
    requireExact();
    assertThat(server.isDirect()).isEqualTo(topology != Topology.HUB);
    assertThat(besides.get()).isEqualTo(topology == Topology.HUB ? 0 : 3);
    if (server.isDirect()) { // Else the coordinator receives all three vectors.
      assertThat(server.bytes().received()).isLessThan(2L * VALUES * format.bytes() * ROUNDS);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aWorkerKilledBeforeItContributes(Topology topology, SumFormat format) throws Exception {
    AllReduceServer server = server(topology, format, 3);
    Rank killed = new Rank(server, topology, format, "killed");
    killed.atRound(EVENTFUL, killed::kill);
    Future<?> first = work(new Rank(server, topology, format, "first"));
    Future<?> second = work(new Rank(server, topology, format, "second"));
    var unused = work(killed);
    awaitAll(List.of(first, second));
    server.await();
    requireExact();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aWorkerKilledAfterItHasContributed(Topology topology, SumFormat format) throws Exception {
    AllReduceServer server = server(topology, format, 3);
    Rank killed = new Rank(server, topology, format, "killed");
    Rank killer = new Rank(server, topology, format, "killer");
    CountDownLatch contributes = new CountDownLatch(1);
    killed.atRound(EVENTFUL, contributes::countDown);
    killer.atRound(
        EVENTFUL,
        () -> {
          await(contributes); // And is in the middle of it, or done with it.
          killed.kill();
        });
    Future<?> first = work(killer);
    Future<?> second = work(new Rank(server, topology, format, "other"));
    var unused = work(killed);
    awaitAll(List.of(first, second));
    server.await();
    requireExact();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aWorkerThatJoinsInTheMiddle(Topology topology, SumFormat format) throws Exception {
    AllReduceServer server = server(topology, format, 2);
    Rank host = new Rank(server, topology, format, "host");
    List<Future<?>> guests = new CopyOnWriteArrayList<>();
    host.atRound(
        EVENTFUL,
        () -> {
          // It has the state before this round can end. By topology auto, it brings back the hub.
          Rank guest = new Rank(server, topology, format, "guest", null);
          guests.add(work(guest));
          Awaitility.await().until(() -> guest.client.round() >= EVENTFUL);
        });
    Future<?> other = work(new Rank(server, topology, format, "other"));
    awaitAll(List.of(work(host), other));
    assertThat(server.isDirect()).isEqualTo(topology == Topology.DIRECT);
    assertThat(guests).hasSize(1);
    awaitAll(guests);
    server.await();
    requireExact();
  }

  @ParameterizedTest
  @EnumSource
  void sumsAreExactBehindCertificates(Topology topology, @TempDir Path folder) throws Exception {
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    CertificateAuthority authority = CertificateAuthority.create(now, day);
    authority.certifyCoordinator(
        folder.resolve("coordinator"), List.of("localhost", "127.0.0.1"), now, day);
    authority.certifyWorker(folder.resolve("worker"), "worker", now, day);
    door = new Door(TOKEN, Credentials.in(folder.resolve("coordinator")));
    workerCredentials = Credentials.in(folder.resolve("worker"));

    sumsAreExact(topology, SumFormat.FIXED32);
  }

  private AllReduceServer server(Topology topology, SumFormat format, int workers) {
    AllReduceServer.Plan plan =
        new AllReduceServer.Plan(VALUES, CHUNK, format, topology, SHARDS, workers, ROUNDS, LIMITS);
    AllReduceServer server = new AllReduceServer(anyPort(), door, plan);
    opened.add(server);
    return server;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private Future<?> work(Rank rank) {
    return threads.submit(rank::work);
  }

  private static void awaitAll(List<Future<?>> workers) throws Exception {
    for (Future<?> worker : List.copyOf(workers)) {
      worker.get(30, TimeUnit.SECONDS);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void requireExact() {
    assertThat(sums).hasSize(ROUNDS);
    sums.forEach(
        (round, vector) ->
            assertThat(vector).as("round " + round).isEqualTo(vector(round, List.of(0, 1, 2, 3))));
  }

  /** Of shards, in a round; the sum of all fits 16 bits. */
  private static int[] vector(long round, List<Integer> shards) {
    int[] vector = new int[VALUES];
    for (int i = 0; i < VALUES; i++) {
      for (int shard : shards) {
        vector[i] += (int) ((31L * i + 1009L * shard + 97 * round) % 8191) - 4000;
      }
    }
    return vector;
  }

  /** A worker in a thread. */
  private final class Rank {
    private final AllReduceClient client;
    private long eventful = -1;
    private Runnable event = () -> {};
    private volatile boolean killed;

    Rank(AllReduceServer server, Topology topology, SumFormat format, String name) {
      this(server, topology, format, name, SLOW);
    }

    Rank(
        AllReduceServer server,
        Topology topology,
        SumFormat format,
        String name,
        @Nullable Link way) {
      Endpoint endpoint =
          new Endpoint(Addresses.parse("server", server.address()), TOKEN, workerCredentials);
      InetSocketAddress listen = topology == Topology.HUB ? null : anyPort();
      try {
        client = new AllReduceClient(endpoint, name, VALUES, format, SHARDS, listen, way, LIMITS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      synchronized (opened) {
        opened.add(client);
      }
    }

    /** Lets something happen when its shards of a round are wanted, once. */
    void atRound(long round, Runnable action) {
      eventful = round;
      event = action;
    }

    /** As if its process died. */
    void kill() {
      killed = true;
      client.close();
    }

    Void work() throws InterruptedException {
      while (!killed && client.round() < ROUNDS) {
        try {
          int[] result = client.allReduce(this::vectors).clone();
          int[] before = sums.putIfAbsent(client.round() - 1, result);
          assertThat(before == null ? result : before).isEqualTo(result);
        } catch (IllegalStateException e) {
          if (!killed) {
            throw e;
          }
        }
      }
      return null;
    }

    private int[] vectors(List<Integer> shards) {
      if (client.round() == eventful) {
        eventful = -1;
        event.run();
      }
      return vector(client.round(), shards);
    }
  }
}
