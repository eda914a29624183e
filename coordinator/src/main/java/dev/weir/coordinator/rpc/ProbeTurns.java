package dev.weir.coordinator.rpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has streams measure one after the other: workers start together, and would each find the others'
 * probes on the way instead of the way. A turn begins with the answer to a probe that waited for
 * it, and lasts until its stream ends or joins, or has had it for too long. Used on the event loop
 * only.
 */
final class ProbeTurns {
  private final ScheduledExecutorService loop;
  private final Duration longest;

  /** What is to be done when their turn comes, by stream, in the order in which they asked. */
  private final Map<Object, List<Runnable>> waiting = new LinkedHashMap<>();

  private @Nullable Object holder;
  private long turn;

  /**
   * @param loop runs what belongs to the event loop
   * @param longest how long a turn may last
   */
  ProbeTurns(ScheduledExecutorService loop, Duration longest) {
    this.loop = loop;
    this.longest = longest;
  }

  /** Answers a probe when it is the stream's turn: now, or when others have had theirs. */
  void take(Object stream, Runnable answer) {
    if (holder == null) {
      begin(stream);
    }
    if (stream.equals(holder)) {
      answer.run();
    } else {
      waiting.computeIfAbsent(stream, each -> new ArrayList<>()).add(answer);
    }
  }

  /** A stream will not measure any more. */
  void leave(Object stream) {
    waiting.remove(stream);
    if (stream.equals(holder)) {
      holder = null;
      next();
    }
  }

  private void next() {
    Iterator<Map.Entry<Object, List<Runnable>>> first = waiting.entrySet().iterator();
    if (first.hasNext()) {
      Map.Entry<Object, List<Runnable>> entry = first.next();
      first.remove();
      begin(entry.getKey());
      entry.getValue().forEach(Runnable::run);
    }
  }

  private void begin(Object stream) {
    holder = stream;
    long mine = ++turn;
    var unused = loop.schedule(() -> end(stream, mine), longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void end(Object stream, long which) {
    if (turn == which) {
      leave(stream);
    }
  }
}
