package dev.weir.spark;

import dev.weir.cli.JoinToken;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The certificates and the token of one run, made when it starts and deleted when it ends.
 *
 * @param coordinator folder of the coordinator's certificate
 * @param worker files of the workers' certificate: contents by name
 * @param token lets workers in
 */
record Secrets(Path coordinator, Map<String, byte[]> worker, String token) {
  /**
   * Makes them, by {@code weir certs}.
   *
   * @param folder for the files; only this user may read it
   * @param host by which workers dial the coordinator
   */
  static Secrets make(Libraries libraries, Path folder, String host) throws InterruptedException {
    List<String> arguments =
        List.of("certs", folder.toString(), "--host", host, "--worker", "worker");
    Process process = libraries.command("64m", arguments).startTogether();
    Tail output = new Tail("weir-certs", process.inputReader(StandardCharsets.UTF_8), line -> {});
    if (process.waitFor() != 0) {
      throw new UserException(
          "spark.driver.host",
          "no certificate can be made for " + host + ": " + output.mistake(),
          "Set it to the driver's name or address, as the executors see it.");
    }
    return new Secrets(
        folder.resolve("coordinator"), read(folder.resolve("worker")), JoinToken.random());
  }

  private static Map<String, byte[]> read(Path folder) {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
    return contents;
  }

  @Override
  public String toString() {
    return "secrets in " + coordinator.getParent(); // Nothing else is for logs.
  }
}
