package dev.weir.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Ties a process to the one that started it. The parent holds the other end of the child's standard
 * input; when the parent ends, however it ends, the system closes that end, and the child ends too,
 * as after SIGTERM: with its shutdown hooks.
 */
public final class Leash {
  private static final String PROPERTY = "weir.leash";

  /** As of a process that SIGTERM has ended. */
  static final int EXIT_CODE = 143;

  private Leash() {}

  /** The options of the child's JVM. */
  static List<String> options() {
    return new ArrayList<>(List.of("-D" + PROPERTY + "=true"));
  }

  /** To be called first in the child's main method. Does nothing in a process without a leash. */
  public static void hold() {
    if (Boolean.getBoolean(PROPERTY)) {
      Thread watch = new Thread(() -> waitForEnd(System.in), "weir-leash");
      watch.setDaemon(true);
      watch.start();
    }
  }

  private static void waitForEnd(InputStream in) {
    try {
      while (in.read() >= 0) {
        // What the parent may write means nothing.
      }
    } catch (IOException e) {
      // The same as its end.
    }
    System.exit(EXIT_CODE);
  }
}
