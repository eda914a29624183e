package dev.weir.coordinator;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small disk in memory that a test can fill to its last block, and free again. */
final class FullDisk implements AutoCloseable {
  private static final int BLOCK = 16;

  private final FileSystem files;
  private final Path filler;

  FullDisk(long bytes) {
    files =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setBlockSize(BLOCK)
                .setMaxSize(bytes)
                .setMaxCacheSize(0)
                .setAttributeViews("basic")
                .build());
    filler = files.getPath("/filler");
  }

  Path folder() {
    return files.getPath("/work");
  }

  /** Leaves room for so many bytes. */
  void fill(long room) throws IOException {
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (Files.getFileStore(filler).getUsableSpace() > room) {
        out.write(new byte[BLOCK]);
      }
    }
  }

  void free() throws IOException {
    Files.delete(filler);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
