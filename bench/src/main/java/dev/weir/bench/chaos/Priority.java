package dev.weir.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Which processes go first where all share a few processors. On a cluster, a process that starts
 * takes nothing from those on other machines; here it must not either.
 */
final class Priority {
  private static final int POLL_MS = 100;
  private static final int MAX_POLLS = 300;

  /** Linux's SCHED_IDLE: runs where no other wants to. */
  private static final String IDLE = "--idle";

  private static final String NORMAL = "--other";

  private Priority() {}

  /**
   * Lets a process that was just started take only what others leave, until its log says that it
   * has started, or for 30 s. Without the right to raise it again (on Linux, root's) it stays so.
   *
   * @param log to which it appends
   * @param started what a line of it contains once it has
   */
  static void lowerUntil(Process process, Path log, String started) {
    change(IDLE, String.valueOf(process.pid()));
    watch(process, log, size(log), started, 0);
  }

  private static void watch(Process process, Path log, long from, String started, int polls) {
    Executor later = CompletableFuture.delayedExecutor(POLL_MS, TimeUnit.MILLISECONDS);
    var unused =
        CompletableFuture.runAsync(
            () -> {
              if (polls < MAX_POLLS && process.isAlive() && !hasLine(log, from, started)) {
                watch(process, log, from, started, polls + 1);
              } else {
                threads(process).forEach(thread -> change(NORMAL, thread));
              }
            },
            later);
  }

  private static long size(Path log) {
    try {
      return Files.size(log);
    } catch (IOException e) {
      return 0; // Not there yet.
    }
  }

  private static boolean hasLine(Path log, long from, String text) {
    try {
      byte[] all = Files.readAllBytes(log);
      int begin = (int) Math.min(from, all.length);
      return new String(all, begin, all.length - begin, StandardCharsets.UTF_8).contains(text);
    } catch (IOException e) {
      return false;
    }
  }

  /** A priority is each thread's own, inherited when it is started. */
  private static List<String> threads(Process process) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      return threads.map(thread -> thread.getFileName().toString()).toList();
    } catch (IOException e) {
      return List.of(); // It has ended.
    }
  }

  private static void change(String policy, String thread) {
    try {
      new ProcessBuilder("chrt", policy, "--pid", "0", thread)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      System.out.println("priorities stay as they are: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
