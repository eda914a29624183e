package dev.weir.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.coordinator.view.RunWatch;
import dev.weir.problem.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
  private static final String TOKEN = "a token of a run";

  private final RunWatch watch = new RunWatch("name: <small>\n");
  private final Metrics metrics = new Metrics();
  private final Trace trace = new Trace();
  private final HttpClient client = HttpClient.newHttpClient();
  private boolean healthy = true;
  private AdminServer server = start("127.0.0.1");

  private AdminServer start(String host) {
    return new AdminServer(
        new InetSocketAddress(host, 0), TOKEN, watch, metrics, trace, () -> healthy);
  }

  @AfterEach
  void stop() {
    server.close();
    metrics.close();
  }

  private String base() {
    return server.url().replaceFirst("/\\?.*", "/").replace("0.0.0.0", "127.0.0.1");
  }

  private HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void showsThePageOfTheRunAndLoadsNothingFromElsewhere() {
    Sample.tell(watch);
    HttpResponse<String> page = get("");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("<title>small · Weir</title>")
        .contains("class=\"mask\"")
        .doesNotContainPattern("(src|href)=\"(https?:)?//")
        .doesNotContain("{{");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
  }

  @Test
  void escapesWhatOthersWrote() {
    Sample.tell(watch);
    assertThat(get("").body())
        .contains("&lt;b&gt;fast&lt;/b&gt;")
        .contains("3 &lt;others&gt;")
        .contains("name: &lt;small&gt;")
        .doesNotContain("<b>fast</b>");
  }

  @Test
  void isReadyOnceTheMaskIsChosenAndHealthyWhileTheLoopAnswers() {
    assertThat(get("readyz").statusCode()).isEqualTo(503);
    assertThat(get("healthz").statusCode()).isEqualTo(200);
    Sample.tell(watch);
    healthy = false;
    assertThat(get("readyz").statusCode()).isEqualTo(200);
    assertThat(get("healthz").statusCode()).isEqualTo(503);
  }

  @Test
  void servesMetricsAndATrace() {
    Sample.tell(metrics);
    assertThat(get("metrics").body()).contains("weir_step 20.0").contains("jvm_memory_used_bytes");
    assertThat(get("trace.json").body()).contains("\"traceEvents\"");
  }

  @Test
  void canOnlyBeRead() {
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(base()))
            .POST(HttpRequest.BodyPublishers.ofString("stop"))
            .build();
    assertThat(send(post).statusCode()).isEqualTo(405);
    assertThat(get("nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void sendsTheSectionsThatChangedUntilTheEnd() throws Exception {
    HttpResponse<Stream<String>> events =
        client.send(
            HttpRequest.newBuilder(URI.create(base() + "events")).build(), BodyHandlers.ofLines());
    Sample.tell(watch);
    watch.end("all steps are done");
    String all = String.join("\n", events.body().toList());
    assertThat(all).contains("event: update").contains("all steps are done").contains("event: end");
  }

  @Test
  void anOpenPageHearsOfTheEndThoughTheServerClosesAtOnce() throws Exception {
    Sample.tell(watch);
    HttpResponse<Stream<String>> events =
        client.send(
            HttpRequest.newBuilder(URI.create(base() + "events")).build(), BodyHandlers.ofLines());
    Iterator<String> lines = events.body().iterator();
    assertThat(lines.next()).isEqualTo("event: update"); // After which it pauses.
    watch.end("all steps are done");
    server.close();
    List<String> rest = new ArrayList<>();
    lines.forEachRemaining(rest::add);
    assertThat(rest).contains("event: end").anyMatch(line -> line.contains("all steps are done"));
  }

  @Test
  void demandsTheViewingTokenWhereOthersCanReachIt() {
    server.close();
    server = start("0.0.0.0");
    String view = Access.viewToken(TOKEN);
    assertThat(get("").statusCode()).isEqualTo(401);
    assertThat(get("metrics").statusCode()).isEqualTo(401);
    assertThat(get("metrics", "Authorization", "Bearer " + TOKEN).statusCode()).isEqualTo(401);
    assertThat(get("metrics", "Authorization", "Bearer " + view).statusCode()).isEqualTo(200);
    assertThat(get("healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void turnsTheTokenInTheAddressIntoACookie() {
    server.close();
    server = start("0.0.0.0");
    assertThat(get("?token=wrong").statusCode()).isEqualTo(401);
    HttpResponse<String> signedIn = get("?token=" + Access.viewToken(TOKEN));
    assertThat(signedIn.statusCode()).isEqualTo(303);
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
    assertThat(get("", "Cookie", cookie.substring(0, cookie.indexOf(';'))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesAPortInUse() {
    int port = URI.create(server.url()).getPort();
    assertThatThrownBy(
            () ->
                new AdminServer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    TOKEN,
                    watch,
                    metrics,
                    trace,
                    () -> true))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cannot listen");
  }
}
