package dev.weir.coordinator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.coordinator.journal.LoggedStep;
import dev.weir.coordinator.progress.RunHistory;
import dev.weir.coordinator.progress.Scored;
import dev.weir.coordinator.progress.StepRecord;
import dev.weir.coordinator.progress.StepTimes;
import dev.weir.state.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code metrics.jsonl}: a line per step, and one per evaluation during training. Bytes are those
 * of the whole run, however often it was resumed. Any thread may add a line. Lines that cannot be
 * written, as on a full disk, are kept until they can; the run does not wait for them.
 */
final class MetricsFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetricsFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_KEPT_BYTES = 16 << 20;

  private final RunHistory history;
  private final Path file;
  private final FileChannel channel;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long end;
  private boolean late;

  /**
   * Goes on with {@code file}, dropping the lines of steps that are to be done again and adding
   * those that the process had no time for when it died.
   *
   * @param firstStep the first step that will be added
   * @param logged steps before {@code firstStep}, in order
   */
  MetricsFile(Path file, long firstStep, List<LoggedStep> logged) {
    this.file = file;
    MetricsReader before = new MetricsReader(file, firstStep);
    List<StepRecord> lacking = lacking(before.history(), logged);
    history = before.history().followedBy(lacking);
    try {
      String lines = before.lines().stream().map(line -> line + "\n").collect(Collectors.joining());
      AtomicFile.write(
          file, out -> AtomicFile.writeFully(out, StandardCharsets.UTF_8.encode(lines)));
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      end = channel.size();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    lacking.forEach(record -> line(json -> write(json, record, RunHistory.NONE)));
  }

  /** Their times died with the process, also when each was committed; bytes are not known. */
  private static List<StepRecord> lacking(RunHistory history, List<LoggedStep> logged) {
    return logged.stream()
        .filter(step -> step.step() >= history.nextStep())
        .map(
            step ->
                new StepRecord(
                    step.step(),
                    step.steps(),
                    step.loss(),
                    step.skipped(),
                    step.attempt() + 1,
                    history.workers(),
                    0,
                    StepTimes.ZERO,
                    history.sentBytes(),
                    history.receivedBytes()))
        .toList();
  }

  /** What the file says of earlier steps. */
  RunHistory history() {
    return history;
  }

  void add(StepRecord record) {
    line(
        json -> {
          write(json, record, history);
          json.writeNumberField("unixMillis", System.currentTimeMillis());
        });
  }

  void add(Scored scored) {
    line(json -> write(json, scored));
  }

  /** Writes the fields of one line. */
  private interface Line {
    void write(JsonGenerator json) throws IOException;
  }

  private synchronized void line(Line fields) {
    try (JsonGenerator json = JSON.createGenerator(kept)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot put a line of metrics together", e);
    }
    kept.write('\n');
    try {
      writeKept();
      late = false;
    } catch (IOException e) {
      say(e);
    }
  }

  /** Writes whole lines or nothing. */
  private void writeKept() throws IOException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(kept.toByteArray());
      channel.position(end);
      AtomicFile.writeFully(channel, bytes);
      end += bytes.limit();
      kept.reset();
    } catch (IOException e) {
      channel.truncate(end);
      throw e;
    }
  }

  private void say(IOException reason) {
    if (!late) {
      late = true;
      log.warn("{} is written later: {}", file, reason.getMessage());
    }
    if (kept.size() > MAX_KEPT_BYTES) {
      log.warn("{} lacks lines: {} bytes of them could not be kept", file, kept.size());
      kept.reset();
    }
  }

  private static void write(JsonGenerator json, StepRecord record, RunHistory before)
      throws IOException {
    json.writeNumberField("step", record.step());
    json.writeNumberField("steps", record.steps());
    if (record.skipped()) {
      json.writeBooleanField("skipped", true);
    } else {
      json.writeNumberField("loss", record.loss());
    }
    json.writeNumberField("attempts", record.attempts());
    json.writeNumberField("workers", record.workers());
    json.writeNumberField("seconds", record.seconds());
    json.writeNumberField("computeSeconds", record.times().computeNs() / 1e9);
    json.writeNumberField("gatherSeconds", record.times().gatherNs() / 1e9);
    json.writeNumberField("allReduceSeconds", record.times().allReduceNs() / 1e9);
    json.writeNumberField("updateSeconds", record.times().updateNs() / 1e9);
    json.writeNumberField("waitingSeconds", record.times().waitingNs() / 1e9);
    json.writeNumberField("sentBytes", before.sentBytes() + record.sentBytes());
    json.writeNumberField("receivedBytes", before.receivedBytes() + record.receivedBytes());
  }

  private static void write(JsonGenerator json, Scored scored) throws IOException {
    json.writeNumberField("step", scored.steps());
    json.writeObjectFieldStart("evaluation");
    json.writeNumberField("accuracy", scored.accuracy());
    json.writeNumberField("mcc", scored.matthews());
    json.writeNumberField("loss", scored.loss());
    json.writeNumberField("samples", scored.samples());
    json.writeEndObject();
  }

  @Override
  public synchronized void close() {
    try (channel) {
      writeKept();
    } catch (IOException e) {
      log.warn("{} lacks its last {} bytes: {}", file, kept.size(), e.getMessage());
    }
  }
}
