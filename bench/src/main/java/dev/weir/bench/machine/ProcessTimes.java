package dev.weir.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time of a process, or of one of its threads, since it started, in steps of a hundredth
 * of a second.
 *
 * @param user seconds in its own code
 * @param system seconds in the kernel on its behalf
 */
public record ProcessTimes(double user, double system) {
  /** Of {@code /proc/PID/stat}, whose unit is the same on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER = 11;
  private static final int SYSTEM = 12;

  /** Of a process that runs, all its threads together; Linux only. */
  public static ProcessTimes of(long pid) {
    return parse(read(pid, "stat"));
  }

  /**
   * Of the threads of a process whose names begin so, without compilers and collectors; Linux only.
   *
   * @param name at most the 15 characters that the kernel keeps
   */
  public static ProcessTimes ofThreads(long pid, String name) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks
          .map(task -> read(pid, "task/" + task.getFileName() + "/stat"))
          .filter(line -> line.substring(line.indexOf('(') + 1).startsWith(name))
          .map(ProcessTimes::parse)
          .reduce(
              new ProcessTimes(0, 0),
              (a, b) -> new ProcessTimes(a.user + b.user, a.system + b.system));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " is gone, or this is not Linux", e);
    }
  }

  private static ProcessTimes parse(String line) {
    String[] words = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return new ProcessTimes(
        Long.parseLong(words[USER]) / TICKS_PER_SECOND,
        Long.parseLong(words[SYSTEM]) / TICKS_PER_SECOND);
  }

  /** The most memory that a process has had at once, in bytes; Linux only. */
  public static long peakBytes(long pid) {
    return read(pid, "status")
        .lines()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("process " + pid + " has no memory"));
  }

  /** Has {@link #peakBytes} count from now on, where this process may do that to it. */
  public static void forgetPeak(long pid) {
    try {
      Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
    } catch (IOException e) {
      // Then the peak is that since its start.
    }
  }

  /** Both. */
  public double total() {
    return user + system;
  }

  /** What has been used since {@code before}. */
  public ProcessTimes since(ProcessTimes before) {
    return new ProcessTimes(user - before.user, system - before.system);
  }

  private static String read(long pid, String what) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), what));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " is gone, or this is not Linux", e);
    }
  }
}
