package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A disk of a few MiB that one process alone sees: a tmpfs in a mount namespace of its own, with a
 * file on it that takes up most of the room.
 */
final class TinyDisk {
  private static final String SCRIPT =
      "mount -t tmpfs -o size=\"$2\"m weir-test \"$1\" && head -c \"$3\"m /dev/zero > \"$1/filler\""
          + " && shift 3 && exec \"$@\"";

  private final Path folder;
  private final int mebibytes;
  private final int filled;

  /**
   * @param folder where the disk is mounted
   * @param mebibytes how large it is
   * @param filled how many of them are in use
   */
  TinyDisk(Path folder, int mebibytes, int filled) {
    this.folder = folder;
    this.mebibytes = mebibytes;
    this.filled = filled;
  }

  /** What to start a process by so that it sees the disk, and in the end is that process. */
  List<String> command() {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      command.add("--map-root-user");
    }
    command.addAll(List.of("sh", "-c", SCRIPT, "sh", folder.toString()));
    command.addAll(List.of(String.valueOf(mebibytes), String.valueOf(filled)));
    return command;
  }

  /** Skips the test where this machine does not let its user mount. */
  void assumePossible() throws Exception {
    List<String> command = new ArrayList<>(command());
    command.add("true");
    String why;
    try {
      Process trial = new ProcessBuilder(command).redirectErrorStream(true).start();
      why =
          new String(
              trial.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(trial.waitFor(30, TimeUnit.SECONDS)).isTrue();
      if (trial.exitValue() == 0) {
        return;
      }
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    Assumptions.abort("no disk can be mounted here: " + why.strip());
  }

  /** Where other processes find what {@code process} has on the disk. */
  Path seenBy(ProcessHandle process) {
    return Path.of("/proc/" + process.pid() + "/root" + folder);
  }

  /** Makes room. */
  void free(ProcessHandle process) throws IOException {
    Files.delete(seenBy(process).resolve("filler"));
  }
}
