package dev.weir.bench.machine;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was opened when the benchmark is interrupted, the latest first. */
public final class Cleanup {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Registers with the virtual machine. */
  public Cleanup() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeAll, "weir-cleanup"));
  }

  /** Remembers something whose closing may be done twice. */
  public synchronized <T extends AutoCloseable> T add(T thing) {
    opened.push(thing);
    return thing;
  }

  private synchronized void closeAll() {
    for (AutoCloseable thing : opened) {
      try {
        thing.close();
      } catch (Exception e) {
        System.err.println("while cleaning up: " + e.getMessage());
      }
    }
  }
}
