package dev.weir.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Finds out whether somebody who just hangs up on plaintext would speak TLS. It trusts nobody and
 * sends nothing but the handshake.
 */
public final class TlsProbe {
  private TlsProbe() {}

  /**
   * Whether TLS is spoken at an address.
   *
   * @param patience for the connection, and again for the answer
   */
  public static boolean isSpoken(InetSocketAddress address, Duration patience) {
    int millis = (int) patience.toMillis();
    try (Socket plain = new Socket()) {
      plain.connect(address, millis);
      plain.setSoTimeout(millis);
      SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
      try (SSLSocket socket =
          (SSLSocket)
              factory.createSocket(plain, address.getHostString(), address.getPort(), true)) {
        socket.startHandshake();
        return true;
      }
    } catch (SSLHandshakeException e) {
      return e.getCause() instanceof CertificateException;
    } catch (IOException e) {
      return false;
    }
  }
}
