package dev.weir.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.coordinator.view.RunWatch;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every path of the admin port, by every method: nothing changes a run, with the token or without.
 */
class AdminDoorTest {
  private static final String TOKEN = "a token of a run";
  private static final List<String> CHANGING =
      List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND");

  private final RunWatch watch = new RunWatch("name: small\n");
  private final Metrics metrics = new Metrics();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AdminServer server =
      new AdminServer(
          new InetSocketAddress("0.0.0.0", 0), TOKEN, watch, metrics, new Trace(), () -> true);

  @AfterEach
  void stop() {
    server.close();
    metrics.close();
  }

  private HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
    int port = URI.create(server.url()).getPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.ofString("stop"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private List<String> everyPath() {
    List<String> paths = new ArrayList<>(server.paths());
    paths.addAll(List.of("/healthz", "/readyz", "/stop", "/shutdown", "/quit", "/run", "/admin"));
    return paths;
  }

  @Test
  void whatIsServedIsOnlyToLookAt() {
    assertThat(server.paths())
        .containsExactlyInAnyOrder(
            "/", "/weir.css", "/weir.js", "/events", "/metrics", "/trace.json");
  }

  @Test
  void withoutTheViewingTokenNothingIsShown() throws Exception {
    for (String path : everyPath()) {
      int status = ask("GET", path).statusCode();
      if (path.equals("/healthz") || path.equals("/readyz")) {
        assertThat(status).as(path).isIn(200, 503);
      } else {
        assertThat(status).as(path).isEqualTo(401);
      }
    }
  }

  @Test
  void noMethodThatCouldChangeSomethingIsTaken() throws Exception {
    String[] bearer = {"Authorization", "Bearer " + Access.viewToken(TOKEN)};
    for (String path : everyPath()) {
      for (String method : CHANGING) {
        assertThat(ask(method, path).statusCode()).as(method + path).isEqualTo(405);
        assertThat(ask(method, path, bearer).statusCode()).as(method + path).isEqualTo(405);
      }
    }
  }

  @Test
  void nothingThatIsShownHoldsTheToken() throws Exception {
    Sample.tell(watch);
    String[] bearer = {"Authorization", "Bearer " + Access.viewToken(TOKEN)};
    for (String path : List.of("/", "/weir.css", "/weir.js", "/metrics", "/trace.json")) {
      HttpResponse<String> answer = ask("GET", path, bearer);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body() + answer.headers().map())
          .as(path)
          .doesNotContain(TOKEN, Access.viewToken(TOKEN));
    }
  }
}
