package dev.weir.fuzz;

import dev.weir.problem.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What Jazzer calls, once for every case. {@code -Dweir.fuzz.target=CLASS.CONSTANT} names a {@link
 * Target} in an enum. {@code bench/fuzz} runs it.
 */
public final class Fuzz {
  private static final Target TARGET = target(System.getProperty("weir.fuzz.target", ""));

  private Fuzz() {}

  private static Target target(String name) {
    int dot = name.lastIndexOf('.');
    try {
      return Arrays.stream(Class.forName(name.substring(0, dot)).getEnumConstants())
          .filter(constant -> constant.toString().equals(name.substring(dot + 1)))
          .map(Target.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("there is no target " + name, e);
    }
  }

  /** One case. */
  public static void fuzzerTestOneInput(byte[] bytes) throws Exception {
    try {
      TARGET.read(bytes);
    } catch (UserException e) {
      // Refused, as it should be.
    }
  }

  /**
   * {@code sound FILE} writes the target's sound bytes to a file, for Jazzer to begin with; {@code
   * replay FILE} reads what Jazzer found, and fails as it did then.
   */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[1]);
    if (arguments[0].equals("sound")) {
      Files.write(file, TARGET.sound());
    } else {
      fuzzerTestOneInput(Files.readAllBytes(file));
      System.out.println(TARGET + ": " + file + " is accepted, or refused as it should be");
    }
  }
}
