package dev.weir.wire;

import dev.weir.tls.Credentials;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator as a worker knows it.
 *
 * @param address where it listens; {@link #lookedUp} resolves its name
 * @param token what it lets workers in for
 * @param credentials what certificates are shown and asked for; null means plaintext
 */
public record Endpoint(InetSocketAddress address, String token, @Nullable Credentials credentials) {

  /**
   * The same with its name looked up anew: a coordinator that was started again elsewhere has
   * another address. If the name is not known, the address is unresolved.
   */
  public Endpoint lookedUp() {
    return new Endpoint(
        new InetSocketAddress(address.getHostString(), address.getPort()), token, credentials);
  }

  /** The address, and by which certificates it is dialed. */
  public String describe() {
    return credentials == null
        ? toString()
        : this
            + " (here: certificate "
            + credentials.certificate()
            + ", authority "
            + credentials.authority()
            + ")";
  }

  /** The address as people write it, and nothing of the token. */
  @Override
  public String toString() {
    return address.getHostString() + ":" + address.getPort();
  }
}
