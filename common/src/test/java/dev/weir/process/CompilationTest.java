package dev.weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CompilationTest {
  /** A process of its own, since directives hold for the whole JVM. */
  static final class Directives {
    private Directives() {}

    /** Prints the directives of this JVM once the optimizing compiler is kept to loops. */
    public static void main(String[] arguments) throws JMException {
      Compilation.optimizeLoopsOnly();
      System.out.println(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "compilerDirectivesPrint",
                  null,
                  null));
    }
  }

  @Test
  void theOptimizingCompilerIsKeptToLoopsOverValues() throws Exception {
    Process process =
        new JavaProcess(
                System.getProperty("java.class.path"), Directives.class.getName(), List.of())
            .startTogether();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed)
        .containsPattern(matching(".*dev/weir/sum/.*", false))
        .containsPattern(matching("\\*\\.\\*", true));
  }

  private static String matching(String methods, boolean excluded) {
    return " matching: "
        + methods
        + "\\n c1 directives:\\n.*\\n.*\\n\\n c2 directives:\\n.*\\n  Enable:true Exclude:"
        + excluded;
  }
}
