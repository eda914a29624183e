package dev.weir.bench.chaos;

import dev.weir.bench.Bench;
import dev.weir.cli.JoinToken;
import dev.weir.local.Weir;
import dev.weir.process.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts Weir's commands as processes of their own. They share an archive of loaded classes, and
 * compile only lightly, so that starting one does not take the processors from all the others.
 */
final class WeirJvm {
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx512m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dweir.log.console=INFO",
          "-Xlog:cds=off",
          "-Xlog:cds+dynamic=off");

  private final Path archives;
  private final Map<String, String> environment;

  /**
   * @param archives folder of the archives of classes, one for each command
   */
  WeirJvm(Path archives, String token) {
    this.archives = archives;
    this.environment =
        Map.of(JoinToken.VARIABLE, token, "OMP_WAIT_POLICY", "passive", "MALLOC_ARENA_MAX", "2");
  }

  /**
   * Starts a command.
   *
   * @param output receives what it prints and logs
   */
  Process start(Path output, List<String> arguments) {
    JavaProcess process = new JavaProcess(classPath(), Weir.class.getName(), arguments);
    OPTIONS.forEach(process::option);
    Path archive = archives.resolve(arguments.get(0) + ".jsa");
    process.option(
        (Files.exists(archive) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive);
    environment.forEach(process::environment);
    return process.startQuietly(output.toFile());
  }

  /** Without folders, of which the archive could not be made. */
  private static String classPath() {
    String own = Bench.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return Stream.of(System.getProperty("java.class.path").split(":"))
        .filter(entry -> !Path.of(entry).equals(Path.of(own)))
        .collect(Collectors.joining(":"));
  }
}
