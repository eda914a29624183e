package dev.weir.coordinator;

import dev.weir.problem.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * That one coordinator at a time serves a run. The operating system gives the lock back when its
 * holder dies, however it dies.
 */
final class RunLock implements AutoCloseable {
  /** A process that is being killed may hold the lock for a moment longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int RETRY_MS = 20;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a run.
   *
   * @throws UserException if another coordinator holds it
   */
  static RunLock take(RunDirectory directory) throws InterruptedException {
    FileChannel channel = open(directory.lock());
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (FileLock lock = tryLock(channel); lock == null; lock = tryLock(channel)) {
        if (System.nanoTime() > deadlineNs) {
          throw new UserException(
              directory.path().toString(),
              "another coordinator serves this run",
              "End that one first, or start this one with --standby to take over when it dies.");
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + directory.lock(), e);
    }
  }

  /** Takes the lock of a run, or nothing if another coordinator holds it. */
  static @Nullable RunLock poll(RunDirectory directory) {
    FileChannel channel = open(directory.lock());
    try {
      if (tryLock(channel) != null) {
        return new RunLock(channel);
      }
      channel.close();
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + directory.lock(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    return channel.tryLock();
  }

  /** Waits for as long as another holds the lock, and takes it. */
  static RunLock await(RunDirectory directory) {
    FileChannel channel = open(directory.lock());
    try {
      FileLock unused = channel.lock();
      return new RunLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + directory.lock(), e);
    }
  }

  private static FileChannel open(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot give a lock back", e);
    }
  }
}
