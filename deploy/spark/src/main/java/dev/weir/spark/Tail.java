package dev.weir.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Hands on the lines that a process writes, and keeps the last of them. */
final class Tail {
  private static final int KEPT = 50;
  private static final String MISTAKE = "error: ";

  private final Deque<String> last = new ArrayDeque<>();
  private final Thread thread;

  /**
   * @param name of the thread that reads
   * @param lines what the process writes, to its end
   * @param handOn receives each line
   */
  Tail(String name, BufferedReader lines, Consumer<String> handOn) {
    thread = new Thread(() -> read(lines, handOn), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void read(BufferedReader lines, Consumer<String> handOn) {
    try (lines) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
        handOn.accept(line);
      }
    } catch (IOException e) {
      keep("(its output ends here: " + e.getMessage() + ")");
    }
  }

  private synchronized void keep(String line) {
    if (last.size() == KEPT) {
      last.removeFirst();
    }
    last.addLast(line);
  }

  /** Waits until the process has closed its end, and returns its last lines. */
  String text() throws InterruptedException {
    thread.join();
    synchronized (this) {
      return String.join("\n", last);
    }
  }

  /** What it said last about the user's mistake; all that is kept if it named none. */
  String mistake() throws InterruptedException {
    String text = text();
    int start = text.lastIndexOf(MISTAKE);
    return start < 0 ? text : text.substring(start + MISTAKE.length());
  }
}
