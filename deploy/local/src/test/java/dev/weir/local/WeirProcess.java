package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code weir} as a real process, as a person would run it. */
final class WeirProcess {
  private static final int MAX_SECONDS = 240;

  /** Of processes that live for seconds, many of them on two cores. */
  private static final Map<String, String> SHORT_LIVED =
      Map.of(
          "JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
          "OMP_WAIT_POLICY", "passive");

  /** What a command came to. */
  record Result(int exitCode, String output) {}

  private final Process process;
  private final Path output;

  private WeirProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static WeirProcess start(Path folder, List<String> arguments) throws IOException {
    return start(folder, arguments, Map.of());
  }

  static WeirProcess start(Path folder, List<String> arguments, Map<String, String> environment)
      throws IOException {
    return start(folder, List.of(), arguments, environment);
  }

  /** The same started by another program, to whose command line the process's is added. */
  static WeirProcess start(
      Path folder, List<String> by, List<String> arguments, Map<String, String> environment)
      throws IOException {
    List<String> line = new ArrayList<>(by);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Dweir.home=" + Path.of("../..").toAbsolutePath().normalize());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Weir.class.getName()));
    line.addAll(arguments);
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().remove("WEIR_TOKEN");
    builder.environment().putAll(SHORT_LIVED);
    builder.environment().putAll(environment);
    return new WeirProcess(builder.start(), output);
  }

  static Result run(Path folder, String... arguments) throws Exception {
    return start(folder, List.of(arguments)).await();
  }

  Result await() throws Exception {
    if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("still running after " + MAX_SECONDS + " s:\n" + text());
    }
    return new Result(process.exitValue(), text());
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  String text() throws IOException {
    return Files.readString(output);
  }

  /** Trains to the end and returns the summary. */
  static JsonNode train(Path folder, String runDirectory, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--quiet", "--run-dir", runDirectory));
    arguments.addAll(List.of(more));
    Result result = start(folder, arguments).await();
    assertThat(result.exitCode()).as(result.output()).isZero();
    return summary(folder.resolve(runDirectory));
  }

  static JsonNode summary(Path runDirectory) throws IOException {
    return new ObjectMapper().readTree(runDirectory.resolve("summary.json").toFile());
  }
}
