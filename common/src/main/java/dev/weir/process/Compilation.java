package dev.weir.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What HotSpot's optimizing compiler (C2) is for in a coordinator or a worker: the loops over
 * values, which it makes several times faster. All else passes messages between the network and the
 * engine; to optimize that takes over ten seconds of processor time in every process, just when all
 * of them begin. The quick compiler (C1) is enough for it.
 */
public final class Compilation {
  /**
   * Patterns of HotSpot's compiler directives: where the loops over values are. Not what calls the
   * engine: with all that could be inlined there it takes long to compile, again and again.
   */
  private static final List<String> LOOPS =
      List.of(
          "dev/weir/fisher/*.*",
          "dev/weir/mask/*.*",
          "dev/weir/model/BertWeights.*",
          "dev/weir/model/HostGather.*",
          "dev/weir/model/LookUpGradient.*",
          "dev/weir/model/ParameterStorage.*",
          "dev/weir/model/PerSampleSquares.*",
          "dev/weir/model/SampledProduct.*",
          "dev/weir/model/SelectedValues.*",
          "dev/weir/optimizer/*.*",
          "dev/weir/state/*.*",
          "dev/weir/sum/*.*");

  private Compilation() {}

  /**
   * Keeps the optimizing compiler to the loops over values, from now on. Changes no result. Does
   * nothing in a JVM that does not know HotSpot's compiler directives.
   */
  public static void optimizeLoopsOnly() {
    try {
      add(directives());
    } catch (JMException | IOException e) {
      // It compiles as it likes.
    }
  }

  private static String directives() {
    String loops =
        LOOPS.stream().map(pattern -> '"' + pattern + '"').collect(Collectors.joining(", "));
    return "[{match: ["
        + loops
        + "], c2: {Exclude: false}}, {match: \"*.*\", c2: {Exclude: true}}]";
  }

  /** As {@code jcmd Compiler.directives_add}, which takes a file. */
  private static void add(String directives) throws JMException, IOException {
    Path file = Files.createTempFile("weir-compilation-", ".json");
    try {
      Files.writeString(file, directives);
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "compilerDirectivesAdd",
              new Object[] {new String[] {file.toString()}},
              new String[] {String[].class.getName()});
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
