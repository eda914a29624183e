package dev.weir.coordinator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.coordinator.progress.FaultKind;
import dev.weir.coordinator.progress.RunFacts;
import dev.weir.coordinator.progress.RunListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code events.jsonl}: a line for everything that happened to a run and to its workers, with the
 * time in milliseconds since 1970. A run that is resumed goes on with the file. A line that cannot
 * be written, as on a full disk, is lost; the run does not wait for it.
 */
final class EventsFile implements RunListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventsFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileChannel channel;
  private final Map<Integer, String> names = new HashMap<>();
  private boolean failed;

  EventsFile(Path file) {
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private synchronized void add(String event, String worker, String text) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("unixMillis", System.currentTimeMillis());
    line.put("event", event);
    if (!worker.isEmpty()) {
      line.put("worker", worker);
    }
    if (!text.isEmpty()) {
      line.put("text", text);
    }
    try {
      channel.write(ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(UTF_8)));
    } catch (IOException e) {
      if (!failed) {
        log.warn("lines of events are lost: {}", e.getMessage());
      }
      failed = true;
    }
  }

  private String name(int worker) {
    return names.getOrDefault(worker, "worker " + worker);
  }

  @Override
  public void begin(RunFacts facts) {
    add(facts.firstStep() > 0 ? "resumed" : "begun", "", "at step " + facts.firstStep());
  }

  @Override
  public void joined(int worker, String name) {
    names.put(worker, name);
    add("joined", name, "");
  }

  @Override
  public void ready(int worker) {
    add("ready", name(worker), "");
  }

  @Override
  public void late(String worker, long step, double seconds) {
    add("late", worker, String.format(Locale.ROOT, "step %d, %.3f s", step, seconds));
  }

  @Override
  public void gone(int worker, String reason) {
    add("gone", name(worker), reason);
    names.remove(worker);
  }

  @Override
  public void chose(boolean direct, String reason) {
    add("topology", "", reason);
  }

  @Override
  public void fault(FaultKind kind, String message) {
    add(kind.name().toLowerCase(Locale.ROOT), "", message);
  }

  @Override
  public void end(String reason) {
    add("end", "", reason);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the events", e);
    }
  }
}
