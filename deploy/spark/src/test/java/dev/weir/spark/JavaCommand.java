package dev.weir.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command in a real JVM of its own. */
record JavaCommand(List<String> arguments, Map<String, String> environment) {
  private static final int MAX_SECONDS = 240;

  /** What a command came to. */
  record Result(int exitCode, String output) {}

  /** One that was started. */
  record Running(Process process, Path output) {
    Result await() throws Exception {
      if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
        end();
        throw new AssertionError("still running after " + MAX_SECONDS + " s:\n" + text());
      }
      return new Result(process.exitValue(), text());
    }

    String text() throws IOException {
      return Files.readString(output);
    }

    void end() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  Running start(Path folder) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(arguments);
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new Running(builder.start(), output);
  }

  Result run(Path folder) throws Exception {
    return start(folder).await();
  }
}
