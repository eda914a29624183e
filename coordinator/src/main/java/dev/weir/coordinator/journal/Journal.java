package dev.weir.coordinator.journal;

import dev.weir.problem.UserException;
import dev.weir.state.TrainingState;
import dev.weir.state.TrainingStateCodec;
import dev.weir.state.UpdateRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger logger = LoggerFactory.getLogger(Journal.class);
  private static final int LOG_PER_SNAPSHOT = 4;
  private static final String SNAPSHOT = "state-";
  private static final String LOG = "steps-";

  private final Path folder;
  private final TrainingState state;
  private final List<LoggedStep> replayed;
  private StepLog log;
  private long snapshotBytes;

  /** A log of this length is due for a new snapshot. */
  private long dueBytes;

  private Journal(Path folder, TrainingState state, StepLog log, long snapshotBytes) {
    this.state = state;
    this.folder = folder;
    this.log = log;
    this.replayed = List.copyOf(log.replayed());
    this.snapshotBytes = snapshotBytes;
    this.dueBytes = LOG_PER_SNAPSHOT * snapshotBytes;
  }

  /** Begins a journal with the state of a run that has not begun. */
  public static Journal create(Path folder, TrainingState initial) {
    try {
      Files.createDirectories(folder);
      StepLog log = StepLog.create(logFile(folder, initial.step()));
      return new Journal(folder, initial, log, writeSnapshot(folder, initial));
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
    Path snapshot = snapshotFile(folder, step);
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

  /**
   * The steps that were in the log when the run was resumed, in order: at least those that nobody
   * else was told of before the process died.
   */
  public List<LoggedStep> replayed() {
    return replayed;
  }

  /**
   * Keeps the sums of a step that is about to commit.
   *
   * @param loss mean loss over the step's samples
   * @param sums length k, not modified
   * @throws WriteFailure if that is not possible; it can be tried again
   */
  public void append(long step, int attempt, double loss, int[] sums) {
    log.append(step, attempt, loss, sums);
  }

  /**
   * Keeps that a step is about to be skipped.
   *
   * @throws WriteFailure if that is not possible; it can be tried again
   */
  public void appendSkip(long step) {
    log.appendSkip(step);
  }

  /**
   * Begins a new snapshot and log if the log has grown long.
   *
   * @throws WriteFailure if that is not possible: the log goes on, and a snapshot is due again when
   *     it has grown by the size of one
   */
  public void compactIfDue() {
    if (log.bytes() > dueBytes) {
      dueBytes = log.bytes() + snapshotBytes;
      compact();
    }
  }

  /**
   * Begins a new snapshot and log. The new log is there before its snapshot, and the old one is
   * written to until then: at every instant the newest snapshot and its log hold all steps.
   *
   * @throws WriteFailure if that is not possible; what there was is as it was
   */
  public void compact() {
    Path newLog = logFile(folder, state.step());
    if (newLog.equals(log.file())) {
      return; // Nothing has happened since the last snapshot.
    }
    StepLog next = null;
    try {
      next = StepLog.create(newLog);
      snapshotBytes = writeSnapshot(folder, state);
    } catch (IOException e) {
      discard(next);
      throw new WriteFailure(snapshotFile(folder, state.step()), TrainingStateCodec.size(state), e);
    }
    log.close();
    log = next;
    dueBytes = LOG_PER_SNAPSHOT * snapshotBytes;
    deleteAllBut(state.step());
  }

  private static void discard(@Nullable StepLog log) {
    if (log != null) {
      log.close();
      delete(log.file());
    }
  }

  private static long writeSnapshot(Path folder, TrainingState state) throws IOException {
    Path unfinished = unfinished(folder);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      TrainingStateCodec.write(state, channel);
      channel.force(true);
    } catch (IOException e) {
      delete(unfinished);
      throw e;
    }
    Files.move(unfinished, snapshotFile(folder, state.step()), StandardCopyOption.ATOMIC_MOVE);
    return TrainingStateCodec.size(state);
  }

  private static Path unfinished(Path folder) {
    return folder.resolve("unfinished");
  }

  /** Old files that stay only take room: a newer snapshot goes before them. */
  private void deleteAllBut(long step) {
    for (long older : snapshots(folder)) {
      if (older != step) {
        delete(logFile(folder, older));
        delete(snapshotFile(folder, older));
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      logger.warn("cannot delete {}", file, e);
    }
  }

  private static Path snapshotFile(Path folder, long step) {
    return folder.resolve(SNAPSHOT + step + ".weir");
  }

  private static Path logFile(Path folder, long step) {
    return folder.resolve(LOG + step + ".log");
  }

  @Override
  public void close() {
    log.close();
  }
}
