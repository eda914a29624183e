package dev.weir.spark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * What a Spark distribution is for these tests: a folder with the jars that Maven has brought, and
 * the command spark-submit. Nothing of Weir is on its class path.
 */
final class SparkInstallation {
  private static final Path WEIR_SPARK = Path.of("target", "weir-spark.jar").toAbsolutePath();

  private final Path home;

  /** Makes one. */
  SparkInstallation(Path home) throws IOException {
    this.home = home;
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String name = Path.of(entry).getFileName().toString();
      if (name.endsWith(".jar") && !name.startsWith("weir-") && !name.startsWith("picocli-")) {
        Files.createSymbolicLink(jars.resolve(name), Path.of(entry));
      }
    }
  }

  /** spark-submit of weir-spark.jar itself. */
  JavaCommand submit(String master, String... arguments) {
    return submit(master, List.of("--class", WeirOnSpark.class.getName()), WEIR_SPARK, arguments);
  }

  /** spark-submit of a user's program that calls Weir. */
  JavaCommand submit(String master, Class<?> program, String... arguments) throws IOException {
    List<String> options =
        List.of("--class", program.getName(), "--jars", WEIR_SPARK.toUri().toString());
    return submit(master, options, jarOf(program), arguments);
  }

  private JavaCommand submit(
      String master, List<String> options, Path application, String... arguments) {
    List<String> line = new ArrayList<>(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    line.addAll(List.of("-Xmx1g", "-cp", home.resolve("jars") + "/*"));
    line.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
    line.addAll(List.of("--conf", "spark.ui.enabled=false"));
    line.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
    // How long Spark waits for the executor that comes after a killed one.
    line.addAll(List.of("--conf", "spark.scheduler.barrier.maxConcurrentTasksCheck.interval=1s"));
    line.addAll(options);
    line.add(application.toString());
    line.addAll(List.of(arguments));
    return new JavaCommand(
        line,
        Map.of(
            "SPARK_HOME",
            home.toString(),
            "SPARK_SCALA_VERSION",
            "2.13",
            "SPARK_LOCAL_IP",
            "127.0.0.1",
            // Driver, executors and workers live for seconds.
            "JDK_JAVA_OPTIONS",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            // Where the other tests have unpacked libtorch.
            "DJL_CACHE_DIR",
            Path.of(System.getProperty("user.home"), ".djl.ai").toString()));
  }

  private Path jarOf(Class<?> program) throws IOException {
    Path jar = home.resolve(program.getSimpleName() + ".jar");
    String name = program.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry(name));
      program.getClassLoader().getResourceAsStream(name).transferTo(entries);
    }
    return jar;
  }
}
