package dev.weir.bench.allreduce;

import dev.weir.bench.machine.Cleanup;
import dev.weir.bench.machine.Versions;
import dev.weir.bench.selection.Selection;
import dev.weir.cli.Cli;
import dev.weir.job.Topology;
import dev.weir.problem.UserException;
import dev.weir.tls.CertificateAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench allreduce}: our collectives beside others', on one machine, in turns. */
@Command(
    name = "allreduce",
    description =
        "Times all-reduces without a model on this machine: Weir's, with and without TLS, gloo's and"
            + " Open MPI's over TCP, in turns. For the peers, run bench/peers/setup and install"
            + " mpirun; one that is missing is left out.",
    mixinStandardHelpOptions = true)
public final class AllReduceCommand implements Callable<Integer> {
  @Option(names = "--ranks", split = ",", defaultValue = "2,4,8", description = "Numbers of ranks.")
  private List<Integer> ranks = List.of();

  @Option(
      names = "--bytes",
      split = ",",
      defaultValue = "4096,51200,451320,5242880,90264584",
      description = "Sizes of a vector, multiples of 4.")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--only",
      split = ",",
      description = "Libraries of these names, or whose names contain one; by default all.")
  private List<String> only = List.of();

  @Option(
      names = "--turns",
      defaultValue = "5",
      description = "How often each library gets its turn.")
  private int turns;

  @Option(
      names = "--chunk-length",
      defaultValue = "16384",
      description = "Weir's values per message, communication.chunkLength of a job file.")
  private int chunkLength;

  @Option(names = "--seconds", defaultValue = "0.5", description = "About how long a turn takes.")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "8",
      description =
          "About how many seconds each library's processes work before anything counts; a tenth of"
              + " that before each size.")
  private double warmUp;

  @Option(names = "--out", defaultValue = "bench/results", description = "Where results go.")
  private Path out = Path.of("");

  private static final int WARM_UP_BYTES = 65_536;

  private final Cleanup cleanup = new Cleanup();
  private final List<String> notes = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if (sizes.stream().anyMatch(bytes -> bytes < 4 || bytes % 4 != 0)) {
      throw new UserException(
          "--bytes", sizes + " are not all multiples of 4", "Give sizes of float32 vectors.");
    }
    if (chunkLength < 1) {
      throw new UserException(
          "--chunk-length", chunkLength + " is less than 1", "Give values per message.");
    }
    Path folder = Files.createTempDirectory("weir-allreduce-");
    File log = folder.resolve("log").toFile();
    System.out.println("what the processes print is in " + log);
    List<Library> libraries = libraries(folder, log);
    AllReduceTable table = new AllReduceTable(sizes);
    for (int count : ranks) {
      measure(libraries, count, table);
      write(table);
    }
    return Cli.DONE;
  }

  private List<Library> libraries(Path folder, File log) {
    Path peers = Path.of(System.getProperty("weir.home", ".")).resolve("bench/peers");
    List<Library> all = new ArrayList<>();
    Path certificates = certificates(folder);
    for (Topology topology : Topology.values()) {
      all.add(WeirLibrary.plain(topology, chunkLength, null, log));
      all.add(WeirLibrary.withTls(topology, chunkLength, certificates, log));
    }
    all.add(PeerLibrary.gloo(peers, log));
    all.add(PeerLibrary.openMpi(peers, log));
    Selection selection = new Selection(only, all.stream().map(Library::name).toList());
    return all.stream()
        .filter(library -> selection.includes(library.name()) && isThere(library))
        .toList();
  }

  private boolean isThere(Library library) {
    if (library instanceof PeerLibrary peer) {
      try {
        note(peer.name() + ": " + peer.version());
      } catch (UserException e) {
        note(peer.name() + " is missing: " + e.getMessage());
        return false;
      }
    }
    return true;
  }

  private static Path certificates(Path folder) {
    Instant now = Instant.now();
    CertificateAuthority authority = CertificateAuthority.create(now, Duration.ofDays(2));
    Duration validity = Duration.ofDays(1);
    List<String> hosts = List.of("localhost", "127.0.0.1");
    authority.certifyCoordinator(folder.resolve("coordinator"), hosts, now, validity);
    authority.certifyWorker(folder.resolve("worker"), "worker", now, validity);
    return folder;
  }

  private void measure(List<Library> libraries, int count, AllReduceTable table) {
    Map<Library, Ranks> started = new LinkedHashMap<>();
    for (Library library : libraries) {
      try {
        started.put(library, cleanup.add(library.start(count)));
      } catch (IOException e) {
        note(library.name() + " cannot start with " + count + " ranks: " + e.getMessage());
      }
    }
    warmUp(started, count);
    for (int bytes : sizes) {
      Turns each = new Turns(bytes, seconds, warmUp / 10);
      for (int turn = 0; turn < turns; turn++) {
        inTurn(started, count, each);
      }
      each.results()
          .forEach(
              (name, found) -> {
                table.put(count, name, bytes, found);
                System.out.printf(
                    "%d ranks, %,d bytes, %s: %s ms, %.3f times the bytes %s%n",
                    count, bytes, name, found.times(), found.overhead(), found.remark());
              });
    }
    started.values().forEach(Ranks::close);
  }

  private void warmUp(Map<Library, Ranks> started, int count) {
    inTurn(started, count, new Turns(WARM_UP_BYTES, 0, warmUp));
  }

  private void inTurn(Map<Library, Ranks> started, int count, Turns each) {
    for (Map.Entry<Library, Ranks> entry : List.copyOf(started.entrySet())) {
      try {
        each.take(entry.getKey(), entry.getValue());
      } catch (IOException e) {
        note(entry.getKey().name() + " failed with " + count + " ranks: " + e.getMessage());
        entry.getValue().close();
        started.remove(entry.getKey());
      }
    }
  }

  private void note(String line) {
    System.out.println(line);
    notes.add(line);
  }

  private void write(AllReduceTable table) throws IOException {
    Files.createDirectories(out);
    Files.writeString(
        out.resolve("allreduce.md"),
        "# All-reduce on one machine\n\n"
            + Versions.machine()
            + "\n\n"
            + String.join("\n", notes.stream().map(note -> "- " + note).toList())
            + "\n\nEach library has its own processes, over the loopback device, one compute thread"
            + " each; they take turns. A round's\ntime is that of its slowest rank. The peers meet"
            + " in a barrier before each round, which is not counted; Weir's rounds follow\neach"
            + " other, and what a rank waits for the others is counted. Bytes are what the kernel"
            + " counted, all headers, acknowledgements\nand the peers' barriers included; the lower"
            + " bound is that of the library's own topology: 2·N vectors for a hub, 2·(N−1)"
            + " for the peers,\n2·(N−1) + 1 for direct, whose coordinator gets the sums too."
            + " Beside auto's times stands which of the two it chose, by what its ranks measured"
            + "\njust before their first round of that size.\n"
            + table.markdown());
  }
}
