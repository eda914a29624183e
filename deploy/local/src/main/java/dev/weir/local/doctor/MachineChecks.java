package dev.weir.local.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Disk and memory of this machine. */
final class MachineChecks {
  private static final double GIB = 1L << 30;
  private static final double MIN_DISK_GIB = 2;
  private static final double MIN_MEMORY_GIB = 1.5;

  private final Findings findings;

  MachineChecks(Findings findings) {
    this.findings = findings;
  }

  void run() {
    disk("disk", Path.of("").toAbsolutePath());
    disk("cache", Path.of(System.getProperty("user.home")));
    memory();
  }

  private void disk(String what, Path folder) {
    try {
      double free = Files.getFileStore(folder).getUsableSpace() / GIB;
      report(
          what,
          String.format(Locale.ROOT, "%.1f GiB free at %s", free, folder),
          free >= MIN_DISK_GIB,
          "Make " + MIN_DISK_GIB + " GiB free there: libraries and runs need them.");
    } catch (IOException e) {
      findings.wrong(what, folder + " cannot be asked: " + e.getMessage(), "Check that it exists.");
    }
  }

  private void memory() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean machine) {
      double total = machine.getTotalMemorySize() / GIB;
      double heap = Runtime.getRuntime().maxMemory() / GIB;
      report(
          "memory",
          String.format(
              Locale.ROOT, "%.1f GiB in this machine, %.1f GiB of it for Java's heap", total, heap),
          total >= MIN_MEMORY_GIB,
          "Use a machine with at least " + MIN_MEMORY_GIB + " GiB for each worker.");
    }
  }

  private void report(String what, String found, boolean good, String remedy) {
    if (good) {
      findings.good(what, found);
    } else {
      findings.wrong(what, found, remedy);
    }
  }
}
