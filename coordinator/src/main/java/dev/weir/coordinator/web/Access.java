package dev.weir.coordinator.web;

import com.sun.net.httpserver.HttpExchange;
import dev.weir.parameter.Sha256;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may look. On a loopback address everybody who can reach it, as long as the browser was told a
 * loopback name: so no web page can look through a name of its own that points here. Elsewhere, who
 * presents the viewing token, as {@code Authorization: Bearer} or, in a browser, once as {@code
 * ?token=}, which becomes a cookie.
 *
 * <p>The viewing token is derived from the run's token: it shows the run, and nobody can join with
 * it.
 */
public final class Access {
  private static final String COOKIE = "weir-view";
  private static final String BEARER = "Bearer ";
  private static final int TOKEN_DIGITS = 32;

  private final boolean loopback;
  private final String viewToken;

  /**
   * @param token the run's
   */
  Access(InetSocketAddress address, String token) {
    this.loopback = address.getAddress().isLoopbackAddress();
    this.viewToken = viewToken(token);
  }

  /**
   * The viewing token: SHA-256 of a purpose and the run's token, shortened.
   *
   * @param token the run's
   */
  public static String viewToken(String token) {
    MessageDigest digest = Sha256.start();
    digest.update(("weir-view\n" + token).getBytes(StandardCharsets.UTF_8));
    return Sha256.finish(digest).substring(0, TOKEN_DIGITS);
  }

  /** What to add to an address so that a browser is let in; empty on loopback. */
  String query() {
    return loopback ? "" : "?token=" + viewToken;
  }

  boolean isAllowed(HttpExchange exchange) {
    if (loopback) {
      return isLoopbackName(exchange.getRequestHeaders().getFirst("Host"));
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null && authorization.startsWith(BEARER)) {
      return matches(authorization.substring(BEARER.length()).trim());
    }
    return cookie(exchange).map(this::matches).orElse(false);
  }

  private static boolean isLoopbackName(String host) {
    if (host == null) {
      return true; // Not a browser.
    }
    String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d+){3}");
  }

  private boolean matches(String presented) {
    return MessageDigest.isEqual(
        presented.getBytes(StandardCharsets.UTF_8), viewToken.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> cookie(HttpExchange exchange) {
    List<String> headers = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
    return headers.stream()
        .flatMap(header -> Arrays.stream(header.split(";")))
        .map(String::trim)
        .filter(pair -> pair.startsWith(COOKIE + "="))
        .map(pair -> pair.substring(COOKIE.length() + 1))
        .findFirst();
  }

  /** Turns a right token in the address into a cookie; true if it was one. */
  boolean signIn(HttpExchange exchange) {
    URI uri = exchange.getRequestURI();
    String query = uri.getQuery();
    if (query == null || !query.startsWith("token=") || !matches(query.substring(6))) {
      return false;
    }
    exchange
        .getResponseHeaders()
        .set("Set-Cookie", COOKIE + "=" + viewToken + "; HttpOnly; SameSite=Strict; Path=/");
    exchange.getResponseHeaders().set("Location", uri.getPath());
    return true;
  }
}
