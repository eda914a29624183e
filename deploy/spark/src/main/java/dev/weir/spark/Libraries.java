package dev.weir.spark;

import dev.weir.problem.UserException;
import dev.weir.process.JavaProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkFiles;
import org.jspecify.annotations.Nullable;

/**
 * Weir's libraries, unpacked. The jar that holds this class carries them as jars within it, where
 * Spark's class loaders do not see them; they are the class path of Weir's own processes.
 */
final class Libraries {
  private static final String INSIDE = "weir-libraries/";
  private static final String MAIN = "dev.weir.local.Weir";

  /** For libtorch, which the engine unpacks before it loads it; unless the cluster says where. */
  private static final String ENGINE_CACHE = "DJL_CACHE_DIR";

  private static @Nullable Libraries unpacked;

  private final Path folder;

  private Libraries(Path folder) {
    this.folder = folder;
  }

  /** Unpacks them if this JVM has not done so, into Spark's folder of this application. */
  static synchronized Libraries unpacked() {
    if (unpacked == null || !Files.isDirectory(unpacked.folder)) {
      Path root = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath().normalize();
      try {
        unpacked = new Libraries(Files.createTempDirectory(root, "weir-"));
        unpacked.unpack(jar());
      } catch (IOException e) {
        unpacked = null;
        throw new UncheckedIOException("cannot unpack Weir's libraries to " + root, e);
      }
    }
    return unpacked;
  }

  /** A folder of their own for files that only this user may read. */
  Path secretFolder() {
    try {
      return Files.createTempDirectory(folder, "secret-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in " + folder, e);
    }
  }

  /**
   * A Weir command as a process of its own, not yet started.
   *
   * @param heap as after -Xmx
   * @param arguments the command and its arguments
   */
  JavaProcess command(String heap, List<String> arguments) {
    return new JavaProcess(folder + "/*", MAIN, arguments)
        .option("-Xmx" + heap)
        .environmentDefault(ENGINE_CACHE, folder.resolve("engine").toString())
        // Compute threads that wait shall sleep, as ./weir has it.
        .environmentDefault("OMP_WAIT_POLICY", "passive");
  }

  private void unpack(Path jar) throws IOException {
    Thread deletion = new Thread(() -> FileUtils.deleteQuietly(folder.toFile()), "weir-cleanup");
    Runtime.getRuntime().addShutdownHook(deletion);
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        String name = entry.getName();
        if (name.startsWith(INSIDE) && !entry.isDirectory()) {
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, folder.resolve(Path.of(name).getFileName()));
          }
        }
      }
    }
  }

  private static Path jar() {
    CodeSource source = Libraries.class.getProtectionDomain().getCodeSource();
    try {
      Path jar = Path.of(source.getLocation().toURI());
      if (Files.isRegularFile(jar)) {
        return jar;
      }
      throw new UserException(
          jar.toString(),
          "this is not weir-spark.jar, which carries what Weir's processes need",
          "Give weir-spark.jar to spark-submit, as the application or by --jars.");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no path: " + source.getLocation(), e);
    }
  }
}
