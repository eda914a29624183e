package dev.weir.wire;

import dev.weir.tls.Credentials;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker must do to be let in.
 *
 * @param token what it must present
 * @param credentials what certificates are shown and asked for; null means plaintext
 * @param patience within which it must have said who it is
 */
public record Door(String token, @Nullable Credentials credentials, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** With the usual patience. */
  public Door(String token, @Nullable Credentials credentials) {
    this(token, credentials, PATIENCE);
  }

  /** Says nothing of the token. */
  @Override
  public String toString() {
    return "Door[" + (credentials == null ? "plaintext" : credentials.toString()) + "]";
  }
}
