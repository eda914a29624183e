package dev.weir.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Replaces a file so that a crash at any moment leaves the old one or the new one, whole. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes contents. */
  @FunctionalInterface
  public interface Contents {
    /** Writes all of them, in order. */
    void writeTo(WritableByteChannel out) throws IOException;
  }

  /**
   * Writes into a temporary file beside {@code path}, forces it to the disk, and renames it.
   *
   * @param path in an existing directory; replaced if it exists
   */
  public static void write(Path path, Contents contents) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    // Not Files.createTempFile, whose files nobody else may read.
    Path temporary = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        contents.writeTo(out);
        out.force(true);
      }
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel entry = FileChannel.open(directory)) {
      entry.force(true); // The rename itself must survive a power failure too.
    }
  }

  /** Writes all remaining bytes. */
  public static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
