package dev.weir.bench.throughput;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.bench.machine.Hosts;
import dev.weir.bench.machine.Shell;
import dev.weir.local.Weir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Weir: the coordinator on host 0, a worker on each other host.
 *
 * @param name in the table
 * @param overrides of the bundled job
 * @param tls whether certificates are shown on both sides
 */
record WeirContestant(
    String name, Workload workload, Path folder, List<String> overrides, boolean tls)
    implements Contestant {
  private static final int PORT = 7070;
  private static final String TOKEN = "throughput-of-weir-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Trial start(Hosts hosts, int workers) throws IOException {
    Path run = Files.createTempDirectory(folder, "run-");
    Files.writeString(run.resolve("job.yaml"), workload.job(workers, overrides).toYaml());
    Path log = run.resolve("coordinator.out");
    Trial trial = new Trial(run.resolve("metrics.jsonl"), WeirContestant::steps, log);
    if (tls) {
      Shell.run(weir("certs " + run.resolve("certs") + " --host " + Hosts.address(0)));
    }
    String coordinator =
        "coordinator --run-dir %s --listen %s:%d --await-workers %d --progress none %s"
            .formatted(run, Hosts.address(0), PORT, workers, door(run, "coordinator"));
    trial.add(Trial.launch(hosts.on(0, weir(coordinator)), log, TOKEN));
    for (int worker = 1; worker <= workers; worker++) {
      String arguments =
          "worker --coordinator %s:%d --connect-timeout 120 --name worker-%d %s"
              .formatted(Hosts.address(0), PORT, worker, door(run, "worker"));
      Path output = run.resolve("worker-" + worker + ".out");
      trial.add(Trial.launch(hosts.on(worker, weir(arguments)), output, TOKEN));
    }
    return trial;
  }

  private String door(Path run, String side) {
    return tls ? "--certs " + run.resolve("certs").resolve(side) : "--insecure";
  }

  private static List<String> weir(String arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Weir.class.getName()));
    line.addAll(List.of(arguments.strip().split(" +")));
    return line;
  }

  private static List<Step> steps(List<String> lines) {
    return lines.stream().map(WeirContestant::step).toList();
  }

  private static Step step(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      return new Step(
          json.path("step").asLong(),
          json.path("loss").asDouble(),
          json.path("seconds").asDouble(),
          json.path("computeSeconds").asDouble()
              + json.path("gatherSeconds").asDouble()
              + json.path("updateSeconds").asDouble());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a line of metrics: " + line, e);
    }
  }
}
