package dev.weir.coordinator.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.weir.coordinator.view.RunPage;
import dev.weir.coordinator.view.RunWatch;
import dev.weir.coordinator.view.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server-sent events: to each open page, the sections that changed since the last event, at most
 * about once a second.
 */
final class EventStream implements AutoCloseable {
  private static final long PAUSE_MILLIS = 900;
  private static final long HEARTBEAT_MILLIS = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunWatch watch;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean closed;

  EventStream(RunWatch watch) {
    this.watch = watch;
  }

  /** How many pages listen. */
  int open() {
    return open.get();
  }

  void serve(HttpExchange exchange) throws IOException, InterruptedException {
    open.incrementAndGet();
    try {
      follow(exchange);
    } finally {
      open.decrementAndGet();
    }
  }

  private void follow(HttpExchange exchange) throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    Map<String, String> shown = new HashMap<>();
    long seen = -1;
    boolean last;
    do {
      last = closed; // Asked first: what was told until then is still sent.
      long version = watch.awaitChange(seen, last ? 0 : HEARTBEAT_MILLIS);
      if (version == seen) {
        write(out, ": nothing new\n\n");
      } else {
        seen = version;
        Snapshot run = watch.snapshot();
        write(out, "event: update\ndata: " + JSON.writeValueAsString(changed(run, shown)) + "\n\n");
        last |= run.phase() == Snapshot.Phase.ENDED;
        Thread.sleep(last ? 0 : PAUSE_MILLIS);
      }
    } while (!last);
    write(out, "event: end\ndata: {}\n\n");
  }

  private static Map<String, String> changed(Snapshot run, Map<String, String> shown) {
    RunPage page = new RunPage(run);
    Map<String, String> sections = page.live();
    if (run.facts() != null && !shown.containsKey("mask")) {
      sections.putAll(page.fixed()); // Drawing the mask takes long, and it never changes.
    }
    Map<String, String> changed = new LinkedHashMap<>();
    sections.forEach(
        (id, html) -> {
          if (!html.equals(shown.put(id, html))) {
            changed.put(id, html);
          }
        });
    return changed;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    closed = true;
  }
}
