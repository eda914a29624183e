package dev.weir.coordinator.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.coordinator.view.Resources;
import dev.weir.coordinator.view.RunPage;
import dev.weir.coordinator.view.RunWatch;
import dev.weir.problem.UserException;
import dev.weir.wire.Bind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Shows a run over HTTP, to look at and never to change:
 *
 * <ul>
 *   <li>{@code /} the dashboard, kept up to date by {@code /events}
 *   <li>{@code /metrics} for Prometheus
 *   <li>{@code /trace.json} the last steps, for Perfetto
 *   <li>{@code /healthz} whether the coordinator works, {@code /readyz} whether it lets workers in;
 *       these two tell everybody
 * </ul>
 */
public final class AdminServer implements AutoCloseable {
  private static final int MAX_REQUESTS = 64;
  private static final int BACKLOG = 32;
  private static final int STOP_SECONDS = 5; // Only as long as pages listen.
  private static final String HEAD =
      "<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"weir.css\">"
          + "<script src=\"weir.js\" defer></script>";
  private static final String FOOT =
      "<p id=\"lost\" role=\"status\" hidden>The coordinator does not answer: this is the last that"
          + " it said.</p><footer><a href=\"metrics\">Metrics</a> · <a href=\"trace.json\">Trace of"
          + " the last steps</a>, for ui.perfetto.dev</footer>";

  private final Access access;
  private final RunWatch watch;
  private final Metrics metrics;
  private final Trace trace;
  private final BooleanSupplier healthy;
  private final EventStream events;
  private final Map<String, Page> pages;
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          MAX_REQUESTS,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "weir-admin");
            thread.setDaemon(true);
            return thread;
          },
          (task, executor) -> {}); // The connection is closed.
  private final HttpServer server;

  /**
   * Begins to listen.
   *
   * @param token the run's
   * @param healthy whether the event loop answers; may block for a moment
   * @throws UserException if the address cannot be listened on
   */
  public AdminServer(
      InetSocketAddress address,
      String token,
      RunWatch watch,
      Metrics metrics,
      Trace trace,
      BooleanSupplier healthy) {
    this.access = new Access(address, token);
    this.watch = watch;
    this.metrics = metrics;
    this.trace = trace;
    this.healthy = healthy;
    this.events = new EventStream(watch);
    this.pages = pages();
    try {
      this.server = Bind.patiently(() -> HttpServer.create(address, BACKLOG));
    } catch (IOException e) {
      throw new UserException(
          address.getHostString() + ":" + address.getPort(),
          "cannot listen there: " + e.getMessage(),
          "Choose another port with --admin, or 0 for any free one.");
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where the dashboard is, with what lets a browser in. */
  public String url() {
    InetSocketAddress address = server.getAddress();
    String host = address.getHostString();
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + address.getPort()
        + "/"
        + access.query();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      protect(exchange);
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, "text/plain", "this page can only be read\n");
      } else {
        route(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Nothing from elsewhere is loaded, nothing is kept, nobody frames it. */
  private static void protect(HttpExchange exchange) {
    exchange
        .getResponseHeaders()
        .set(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
                + " img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
  }

  private void route(HttpExchange exchange) throws IOException, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/healthz")) {
      state(exchange, healthy.getAsBoolean(), "the event loop does not answer");
    } else if (path.equals("/readyz")) {
      state(exchange, watch.isTraining(), "the mask is not chosen yet");
    } else if (access.signIn(exchange)) {
      send(exchange, 303, "text/plain", "");
    } else if (!access.isAllowed(exchange)) {
      send(
          exchange,
          401,
          "text/plain",
          "open the address that the coordinator printed, with its ?token=\n");
    } else {
      pages.getOrDefault(path, AdminServer::nothing).serve(exchange);
    }
  }

  /** What those see who are allowed to look. */
  private Map<String, Page> pages() {
    return Map.of(
        "/",
        to -> send(to, 200, "text/html", new RunPage(watch.snapshot()).html(HEAD, FOOT)),
        "/weir.css",
        to -> send(to, 200, "text/css", Resources.text("weir.css")),
        "/weir.js",
        to -> send(to, 200, "text/javascript", Resources.text("weir.js")),
        "/events",
        events::serve,
        "/metrics",
        to -> send(to, 200, "text/plain; version=0.0.4", metrics.scrape()),
        "/trace.json",
        to -> send(to, 200, "application/json", trace.json()));
  }

  /** All paths behind the door; in front of it are {@code /healthz} and {@code /readyz} alone. */
  Set<String> paths() {
    return pages.keySet();
  }

  private static void nothing(HttpExchange exchange) throws IOException {
    send(exchange, 404, "text/plain", "there is nothing here\n");
  }

  /** Answers a request. */
  private interface Page {
    void serve(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private static void state(HttpExchange exchange, boolean good, String otherwise)
      throws IOException {
    send(exchange, good ? 200 : 503, "text/plain", good ? "ok\n" : otherwise + "\n");
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Lets open pages hear of the end, then stops. */
  @Override
  public void close() {
    events.close();
    server.stop(events.open() == 0 ? 0 : STOP_SECONDS);
    threads.shutdownNow();
  }
}
