package dev.weir.coordinator.journal;

import dev.weir.problem.UserException;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;
import dev.weir.state.UpdateRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What survives the coordinator: a snapshot of the training state, and a log of what was committed
 * since. Replaying the log on the snapshot gives the state bit for bit, because a commit is a
 * function of the state and the reduced sums alone.
 *
 * <p>A step is appended before anybody is told its sums. The append reaches the operating system
 * before it returns, so it survives the process; the snapshot is forced to the disk. Once the log
 * has grown to a few times the size of a snapshot, a new snapshot begins a new log, and the older
 * ones are deleted.
 *
 * <p>Files: {@code state-STEP.weir}, and {@code steps-STEP.log} of the steps that follow it.
 */
public final class Journal implements AutoCloseable {
  private static final int LOG_PER_SNAPSHOT = 4;
  private static final String SNAPSHOT = "state-";
  private static final String LOG = "steps-";

  private final Path folder;
  private final TrainingState state;
  private StepLog log;
  private long snapshotBytes;

  private Journal(Path folder, TrainingState state, StepLog log, long snapshotBytes) {
    this.state = state;
    this.folder = folder;
    this.log = log;
    this.snapshotBytes = snapshotBytes;
  }

  /** Begins a journal with the state of a run that has not begun. */
  public static Journal create(Path folder, TrainingState initial) {
    try {
      Files.createDirectories(folder);
      long bytes = writeSnapshot(folder, initial);
      return new Journal(folder, initial, StepLog.create(logFile(folder, initial.step())), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot begin a journal in " + folder, e);
    }
  }

  /**
   * Goes on with a journal.
   *
   * @param rule how steps update the state
   * @throws UserException if there is none, or it belongs to other training
   */
  public static Journal resume(Path folder, UpdateRule rule) {
    List<Long> steps = snapshots(folder);
    if (steps.isEmpty()) {
      throw new UserException(
          folder.toString(),
          "there is no snapshot of a training state, so the run cannot be resumed",
          "Start a new run.");
    }
    long step = steps.get(0);
    Path snapshot = folder.resolve(SNAPSHOT + step + ".weir");
    try {
      byte[] bytes = Files.readAllBytes(snapshot);
      TrainingState state = TrainingStateCodec.decode(bytes, snapshot.toString(), rule);
      StepLog log = StepLog.replay(logFile(folder, step), state);
      return new Journal(folder, state, log, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the journal in " + folder, e);
    }
  }

  /** Whether there is a journal to go on with. */
  public static boolean exists(Path folder) {
    return !snapshots(folder).isEmpty();
  }

  private static List<Long> snapshots(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Long> steps = new ArrayList<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(SNAPSHOT + "\\d+\\.weir"))
          .forEach(name -> steps.add(Long.parseLong(name.replaceAll("\\D", ""))));
      steps.sort(Comparator.reverseOrder());
      return steps;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  /** The state that the journal keeps: what it began with, or what it was found to hold. */
  public TrainingState state() {
    return state;
  }

  /** Keeps the sums of a step that is about to commit. */
  public void append(long step, int attempt, int[] sums) {
    log.append(step, attempt, sums);
  }

  /** Keeps that a step is about to be skipped. */
  public void appendSkip(long step) {
    log.appendSkip(step);
  }

  /** Begins a new snapshot and log if the log has grown long. */
  public void compactIfDue() {
    if (log.bytes() > LOG_PER_SNAPSHOT * snapshotBytes) {
      compact();
    }
  }

  /** Begins a new snapshot and log. */
  public void compact() {
    try {
      snapshotBytes = writeSnapshot(folder, state);
      log.close();
      log = StepLog.create(logFile(folder, state.step()));
      deleteBefore(state.step());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the journal in " + folder, e);
    }
  }

  private static long writeSnapshot(Path folder, TrainingState state) throws IOException {
    byte[] bytes = TrainingStateCodec.encode(state);
    Path target = folder.resolve(SNAPSHOT + state.step() + ".weir");
    Path unfinished = folder.resolve("unfinished");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    return bytes.length;
  }

  private void deleteBefore(long step) throws IOException {
    for (long older : snapshots(folder)) {
      if (older < step) {
        Files.deleteIfExists(folder.resolve(SNAPSHOT + older + ".weir"));
        Files.deleteIfExists(logFile(folder, older));
      }
    }
  }

  private static Path logFile(Path folder, long step) {
    return folder.resolve(LOG + step + ".log");
  }

  @Override
  public void close() {
    log.close();
  }
}
