package dev.weir.bench.throughput;

import dev.weir.bench.machine.Cleanup;
import dev.weir.bench.machine.Hosts;
import dev.weir.bench.machine.Link;
import dev.weir.bench.machine.Versions;
import dev.weir.bench.selection.Selection;
import dev.weir.cli.Cli;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench throughput}: real training over shaped links, ours beside PyTorch's. */
@Command(
    name = "throughput",
    description =
        "Trains the bundled model over shaped links, with Weir and with PyTorch DDP, in network"
            + " namespaces of its own. Run bench/peers/setup first. Needs Linux and root.",
    mixinStandardHelpOptions = true)
public final class ThroughputCommand implements Callable<Integer> {
  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "2,4",
      description = "Numbers of workers.")
  private List<Integer> workers = List.of();

  @Option(
      names = "--links",
      split = ",",
      defaultValue = "100mbit,1gbit,unshaped,1gbit-20ms",
      description = "Links: a rate, or unshaped, and perhaps a round trip.")
  private List<String> links = List.of();

  @Option(
      names = "--only",
      split = ",",
      description = "Contestants of these names, or whose names contain one; by default all.")
  private List<String> only = List.of();

  @Option(
      names = "--turns",
      defaultValue = "1",
      description =
          "How often each trains, after one another, each time beginning with the next, so that"
              + " what else the machine does hits all alike; the median counts.")
  private int turns;

  @Option(names = "--steps", defaultValue = "40", description = "Steps to measure, at most.")
  private int steps;

  @Option(names = "--seconds", defaultValue = "30", description = "Seconds to measure, at most.")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "40",
      description =
          "Seconds of training before, in which a JVM compiles its code and texts are tokenized; 3"
              + " steps at least.")
  private int warmUp;

  @Option(names = "--out", defaultValue = "bench/results", description = "Where results go.")
  private Path out = Path.of("");

  private final Cleanup cleanup = new Cleanup();

  private static final int WARM_UP_STEPS = 3;
  private static final int BATCH_SIZE = 32;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("weir.home", "."));
    Path peers = home.resolve("bench/peers");
    if (!Files.isExecutable(peers.resolve("venv/bin/python"))) {
      throw new UserException(
          peers.toString(), "the peers are not installed there", "Run bench/peers/setup first.");
    }
    if (turns < 1) {
      throw new UserException(
          "--turns", turns + " is less than 1", "Let each train once at least.");
    }
    List<Link> chosen = links.stream().map(Link::parse).toList();
    Path folder = Files.createTempDirectory("weir-throughput-");
    System.out.println("everything of these runs is kept in " + folder);
    List<Contestant> contestants = contestants(new Workload(home, folder), folder, peers);
    ResultTable table = new ResultTable(BATCH_SIZE);
    for (Link link : chosen) {
      for (int count : workers) {
        measure(link, count, peers, contestants, table);
        write(table, peers);
      }
    }
    return Cli.DONE;
  }

  private List<Contestant> contestants(Workload workload, Path folder, Path peers) {
    int batches = steps + 800;
    List<Contestant> all = new ArrayList<>();
    all.add(weir("Weir dense", workload, folder, false, "method.name=dense", "method.density="));
    all.add(weir("Weir fisher 0.5 %", workload, folder, false));
    all.add(weir("Weir fisher 0.5 %, TLS", workload, folder, true));
    all.add(
        weir(
            "Weir fisher 0.5 %, fixed16",
            workload, folder, false, "communication.precision=fixed16"));
    all.add(
        weir("Weir fisher 0.5 %, H = 10", workload, folder, false, "communication.everySteps=10"));
    all.add(
        weir("Weir fisher 0.5 %, auto", workload, folder, false, "communication.topology=auto"));
    all.add(
        weir(
            "Weir fisher 0.5 %, fixed16, auto",
            workload,
            folder,
            false,
            "communication.precision=fixed16",
            "communication.topology=auto"));
    all.add(peer(ResultTable.BASELINE, workload, folder, peers, batches));
    all.add(peer("DDP, fp16 hook", workload, folder, peers, batches, "--hook", "fp16"));
    all.add(peer("DDP, PowerSGD rank 1", workload, folder, peers, batches, "--hook", "powersgd"));
    all.add(peer("DDP, LoRA 0.5 %", workload, folder, peers, batches, "--lora", "12"));
    Selection selection = new Selection(only, all.stream().map(Contestant::name).toList());
    return all.stream().filter(each -> selection.includes(each.name())).toList();
  }

  private Contestant weir(
      String name, Workload workload, Path folder, boolean tls, String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("training.steps=100000");
    all.add("communication.failureTimeout=60s");
    return new WeirContestant(name, workload, folder, all, tls);
  }

  private static Contestant peer(
      String name, Workload workload, Path folder, Path peers, int batches, String... options) {
    return new PeerContestant(name, workload, folder, peers, List.of(options), BATCH_SIZE, batches);
  }

  private void measure(
      Link link, int count, Path peers, List<Contestant> contestants, ResultTable table)
      throws InterruptedException {
    try (Hosts hosts = cleanup.add(Hosts.around(link, count + 1, peers))) {
      ResultTable.Group group = table.begin(link, LinkCheck.of(hosts, link), count);
      System.out.println(group.title() + ": " + group.check());
      for (int turn = 0; turn < turns; turn++) {
        List<Contestant> order = new ArrayList<>(contestants);
        Collections.rotate(order, -turn);
        for (Contestant contestant : order) {
          measure(contestant, hosts, count, group);
        }
      }
    }
  }

  private void measure(Contestant contestant, Hosts hosts, int count, ResultTable.Group group)
      throws InterruptedException {
    List<Measurement> measured =
        group.turns().computeIfAbsent(contestant.name(), name -> new ArrayList<>());
    try (Trial trial = cleanup.add(contestant.start(hosts, count))) {
      try {
        Measurement found = Measurement.of(trial, hosts, WARM_UP_STEPS, warmUp, steps, seconds);
        measured.add(found);
        System.out.printf("  %-28s %s%n", contestant.name(), found);
      } catch (IOException e) {
        System.out.printf("  %-28s failed: %s%n", contestant.name(), e.getMessage());
        System.out.println(trial.lastWords().indent(4));
      }
    } catch (IOException e) {
      System.out.printf("  %-28s cannot start: %s%n", contestant.name(), e.getMessage());
    }
  }

  private void write(ResultTable table, Path peers) throws IOException {
    Files.createDirectories(out);
    Files.writeString(
        out.resolve("throughput.md"),
        "# Training throughput over shaped links\n\n"
            + Versions.describe(peers)
            + "One compute thread a worker, a batch of 32, every worker one shard of the same batches.\n"
            + table.markdown());
    ResultPicture.write(table, out);
  }
}
