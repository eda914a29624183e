package dev.weir.coordinator.journal;

import dev.weir.problem.UserException;
import dev.weir.state.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of committed and skipped steps. Each record is {@code step u64, attempt u32 (or -1:
 * skipped), values u32, loss f64, values × i32, CRC-32C u32}, little endian. A record that is cut
 * off or does not match its checksum was written while the process died, and nobody was told of it;
 * or it was damaged later. Either way the log ends before it, and the steps from there on are done
 * again.
 */
final class StepLog implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(StepLog.class);
  private static final int HEADER_BYTES = 24;
  private static final int CHECKSUM_BYTES = 4;
  private static final int SKIPPED = -1;

  private final Path file;
  private final FileChannel channel;
  private final List<LoggedStep> replayed = new ArrayList<>();
  private ByteBuffer record = ByteBuffer.allocate(0);

  /** Where the last whole record ends. */
  private long end;

  private StepLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static StepLog create(Path file) throws IOException {
    return new StepLog(
        file,
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  /** Applies every whole record to {@code state} and goes on after the last of them. */
  static StepLog replay(Path file, TrainingState state) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    StepLog log = new StepLog(file, channel);
    while (log.replayOne(state)) {
      log.end = channel.position();
    }
    log.cutOffTail();
    return log;
  }

  private void cutOffTail() throws IOException {
    long tail = channel.size() - end;
    if (tail > 0) {
      logger.warn(
          "{}: its last {} bytes are cut off or damaged; the steps from there on are done again",
          file,
          tail);
      channel.truncate(end);
    }
  }

  private boolean replayOne(TrainingState state) throws IOException {
    int length = state.size();
    long startsAt = channel.position();
    ByteBuffer header = buffer(HEADER_BYTES);
    if (!fill(header)) {
      return false;
    }
    int attempt = header.getInt(8);
    int count = header.getInt(12);
    if (attempt < SKIPPED || count != (attempt == SKIPPED ? 0 : length)) {
      return false;
    }
    channel.position(startsAt);
    ByteBuffer whole = buffer(HEADER_BYTES + count * Integer.BYTES + CHECKSUM_BYTES);
    if (!fill(whole) || whole.getInt(whole.limit() - CHECKSUM_BYTES) != checksum(whole)) {
      return false;
    }
    apply(state, whole, count);
    return true;
  }

  private void apply(TrainingState state, ByteBuffer whole, int count) {
    long step = whole.getLong(0);
    int attempt = whole.getInt(8);
    if (step != state.step()) {
      throw new UserException(
          file.toString(),
          "its next step is " + step + " but the state before it is at step " + state.step(),
          "The journal was put together from different runs; start a new run.");
    }
    replayed.add(
        new LoggedStep(
            step, state.roundLength(), attempt == SKIPPED, attempt, whole.getDouble(16)));
    if (attempt == SKIPPED) {
      state.skip();
      return;
    }
    int[] sums = new int[count];
    whole.position(HEADER_BYTES);
    whole.asIntBuffer().get(sums);
    state.commit(attempt, sums);
  }

  void append(long step, int attempt, double loss, int[] sums) {
    ByteBuffer whole = buffer(HEADER_BYTES + sums.length * Integer.BYTES + CHECKSUM_BYTES);
    whole.putLong(step).putInt(attempt).putInt(sums.length).putDouble(loss);
    whole.asIntBuffer().put(sums);
    write(whole);
  }

  void appendSkip(long step) {
    ByteBuffer whole = buffer(HEADER_BYTES + CHECKSUM_BYTES);
    whole.putLong(step).putInt(SKIPPED).putInt(0).putDouble(Double.NaN);
    write(whole);
  }

  /**
   * Writes a whole record or nothing.
   *
   * @throws WriteFailure if that is not possible
   */
  private void write(ByteBuffer whole) {
    whole.putInt(whole.limit() - CHECKSUM_BYTES, checksum(whole));
    whole.position(0);
    try {
      channel.position(end);
      while (whole.hasRemaining()) {
        channel.write(whole);
      }
      end += whole.limit();
    } catch (IOException e) {
      takeBack();
      throw new WriteFailure(file, whole.limit(), e);
    }
  }

  private void takeBack() {
    try {
      channel.truncate(end);
    } catch (IOException e) {
      logger.debug("the next record overwrites what is left of this one", e);
    }
  }

  /** The steps that {@link #replay} found, in order. */
  List<LoggedStep> replayed() {
    return replayed;
  }

  Path file() {
    return file;
  }

  /** Length of the log. */
  long bytes() {
    return end;
  }

  private ByteBuffer buffer(int size) {
    if (record.capacity() < size) {
      record = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    }
    return record.clear().limit(size);
  }

  private boolean fill(ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        return false;
      }
    }
    target.rewind();
    return true;
  }

  private static int checksum(ByteBuffer whole) {
    CRC32C crc = new CRC32C();
    crc.update(whole.duplicate().position(0).limit(whole.limit() - CHECKSUM_BYTES));
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + file, e);
    }
  }
}
