package dev.weir.bench.throughput;

import dev.weir.bench.machine.Hosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * PyTorch DistributedDataParallel over gloo: a rank on each host but host 0.
 *
 * @param name in the table
 * @param peers the folder of {@code train.py} and its virtual environment
 * @param options of {@code train.py} beyond what every peer gets
 * @param batchSize samples per step, all ranks together
 * @param steps to have batches for
 */
record PeerContestant(
    String name,
    Workload workload,
    Path folder,
    Path peers,
    List<String> options,
    int batchSize,
    int steps)
    implements Contestant {
  private static final int PORT = 29500;

  @Override
  public Trial start(Hosts hosts, int workers) throws IOException {
    Path run = Files.createTempDirectory(folder, "peer-");
    Path output = run.resolve("rank-0.out");
    Trial trial = new Trial(output, PeerContestant::parse, output);
    for (int rank = 0; rank < workers; rank++) {
      List<String> line = new ArrayList<>();
      line.add(peers.resolve("venv/bin/python").toString());
      line.add(peers.resolve("train.py").toString());
      line.addAll(List.of("--model", workload.model().toString()));
      line.addAll(List.of("--batches", workload.batches(workers, steps).toString()));
      line.addAll(List.of("--rank", "" + rank, "--world-size", "" + workers));
      line.addAll(List.of("--store", Hosts.address(1) + ":" + PORT));
      line.addAll(List.of("--batch-size", "" + batchSize));
      line.addAll(options);
      Path own = run.resolve("rank-" + rank + ".out");
      trial.add(Trial.launch(hosts.on(rank + 1, line), own, null));
    }
    return trial;
  }

  private static List<Step> parse(List<String> lines) {
    List<Step> steps = new ArrayList<>();
    double compute = 0;
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words[0].equals("compute")) {
        compute = Double.parseDouble(words[1]);
      } else if (words[0].equals("step")) {
        steps.add(
            new Step(
                Long.parseLong(words[1]),
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3]),
                compute));
      }
    }
    return steps;
  }
}
