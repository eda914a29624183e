package dev.weir.coordinator.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Something of a run could not be written, as on a full disk. Nothing of it is left behind, so it
 * can be tried again.
 */
public final class WriteFailure extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file which was to be written
   * @param bytes how many were to be written
   */
  public WriteFailure(Path file, long bytes, IOException cause) {
    super(
        String.format("cannot write %d bytes to %s (%s%s)", bytes, file, reason(cause), free(file)),
        cause);
  }

  private static String reason(IOException cause) {
    return cause instanceof FileSystemException system && system.getReason() != null
        ? system.getReason()
        : String.valueOf(cause.getMessage());
  }

  private static String free(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return "; " + Files.getFileStore(folder).getUsableSpace() + " bytes are free there";
    } catch (IOException e) {
      return "";
    }
  }
}
